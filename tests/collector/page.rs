//! What the page gets beside figures: headers, files, questionnaires, and nothing twice.

use crate::site::{Reply, Site};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'";

#[test]
fn every_document_keeps_to_itself() {
    let site = Site::new();
    let collector = site.start();
    for path in ["/", "/c/safety-demo", "/c/safety-demo/shift", "/c/safety-demo/results", "/c/no-such"] {
        let reply = collector.get(path);
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), value, "{path}");
        }
        let allowed = reply.header("permissions-policy");
        assert!(allowed.contains("geolocation=()"), "{path}");
        let camera = if path.ends_with("/shift") { "camera=(self)," } else { "camera=()," };
        assert!(allowed.contains(camera), "{path}: only a volunteer's page reads codes");
    }
}

#[test]
fn no_answer_is_taken_for_what_it_is_not_or_sets_a_cookie() {
    let site = Site::new();
    let collector = site.start();
    for path in ["/", "/c/no-such", "/healthz", "/api/campaigns", "/api/campaigns/no-such", "/nothing", "/app.js"] {
        let reply = collector.get(path);
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("set-cookie"), "", "{path}");
    }
}

#[test]
fn a_questionnaire_never_changes_and_travels_small() {
    let site = Site::new();
    let collector = site.start();
    let hash = collector.get("/api/campaigns/safety-demo").json()["questionnaire"].as_str().unwrap().to_owned();
    let path = format!("/api/questionnaires/{hash}");
    let plain = collector.get(&path);
    assert_eq!(plain.body, std::fs::read("www/instruments/safety.json").unwrap());
    assert!(plain.header("cache-control").contains("immutable"));
    assert_eq!(plain.header("vary"), "accept-encoding");
    let small = collector.ask("GET", &path, &[("accept-encoding", "gzip, br")], &[]);
    assert_eq!(small.header("content-encoding"), "br");
    assert!(small.body.len() * 3 < plain.body.len(), "{} of {} bytes", small.body.len(), plain.body.len());
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let site = Site::new();
    let collector = site.start();
    for path in ["/api/campaigns", "/api/campaigns/safety-demo", "/api/campaigns/safety-demo/results", "/schema.json"] {
        let reply = collector.get(path);
        assert_eq!((reply.status, reply.header("cache-control")), (200, "no-cache"), "{path}");
        let again = collector.ask("GET", path, &[("if-none-match", reply.header("etag"))], &[]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
}

/// Holds with the page built in (`make page`) and without.
#[test]
fn the_page_names_what_it_will_ask_for() {
    let site = Site::new();
    let collector = site.start();
    let built = std::path::Path::new("www/dist/index.html").exists();
    let check = |reply: &Reply, good: u16| {
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.status, if built || good == 404 { good } else { 503 });
        assert!(built || reply.text().contains("make build"));
    };
    let hash = collector.get("/api/campaigns/safety-demo").json()["questionnaire"].as_str().unwrap().to_owned();
    for path in ["/c/safety-demo", "/c/safety-demo/shift"] {
        let reply = collector.get(path);
        check(&reply, 200);
        for ahead in ["/api/campaigns/safety-demo", &format!("/api/questionnaires/{hash}")] {
            assert!(reply.header("link").contains(&format!("<{ahead}>; rel=preload; as=fetch; crossorigin")), "{path}");
        }
    }
    check(&collector.get("/"), 200);
    check(&collector.get("/c/safety-demo/results"), 200);
    let ahead = |filters: &str| collector.get(&format!("/c/safety-demo/results{filters}")).header("link").to_owned();
    let figures =
        |filters| format!("</api/campaigns/safety-demo/results?{filters}>; rel=preload; as=fetch; crossorigin");
    for (asked, sent) in
        [("", ""), ("?item=overall", ""), ("?period=2026-12&area=330602&item=overall", "area=330602&period=2026-12")]
    {
        assert!(ahead(asked).contains(&figures(sent)), "{asked}: {}", ahead(asked));
    }
    // What is no filter goes into no header; and of rows in order or compared the page asks for all.
    for bad in ["?order=n", "?compare=330602,330603", "?area=33,%3Cx%3E", "?period=%22%3E", "?area=3306%0d%0a"] {
        assert!(!ahead(bad).contains("/api/"), "{bad}");
    }
    check(&collector.get("/c/no-such"), 404);
    check(&collector.get("/c/no-such/results"), 404);
    if built {
        let shipped = |folder: &str, start: &str| {
            let mut names = std::fs::read_dir(format!("www/dist/{folder}")).unwrap().map(|it| it.unwrap().file_name());
            let found = names.find_map(|it| {
                it.to_str()
                    .filter(|it| it.starts_with(start) && [".js", ".wasm"].iter().any(|end| it.ends_with(end)))
                    .map(str::to_owned)
            });
            format!("/{folder}{}", found.unwrap())
        };
        for (path, module) in [("/c/safety-demo", "anxin_bg-"), ("/c/safety-demo/shift", "anxin_shift_bg-")] {
            let link = format!("<{}>; rel=preload; as=fetch; crossorigin", shipped("pkg/", module));
            assert!(collector.get(path).header("link").contains(&link), "{path}");
        }
        for script in ["results-", "words-desk-"] {
            assert!(ahead("").contains(&format!("<{}>; rel=modulepreload", shipped("", script))), "{}", ahead(""));
        }
        let app = shipped("", "app-");
        let script = collector.ask("GET", &app, &[("accept-encoding", "br")], &[]);
        assert_eq!(
            (script.header("content-type"), script.header("content-encoding")),
            ("text/javascript; charset=utf-8", "br")
        );
        assert_eq!(collector.get(&app).body, std::fs::read(format!("www/dist{app}")).unwrap());
        assert_eq!(script.header("cache-control"), "max-age=31536000, immutable", "its name tells its content");
        assert_eq!(collector.get("/index.html").header("cache-control"), "no-cache");
        assert_eq!(collector.get(&format!("{app}.br")).status, 404, "an encoding is no file of its own");
        let worker = collector.get("/sw.js");
        for (name, value) in [
            ("content-type", "text/javascript; charset=utf-8"),
            ("cache-control", "no-cache"),
            ("content-security-policy", "default-src 'none'; connect-src 'self'"),
        ] {
            assert_eq!(worker.header(name), value);
        }
        assert_eq!(collector.get("/app.webmanifest").header("content-type"), "application/manifest+json");
    }
}

#[test]
fn it_says_where_to_go() {
    let site = Site::new();
    let collector = site.start();
    assert!(
        collector.told.starts_with(&format!("Anxin is ready: open http://{}/ ", collector.address)),
        "{}",
        collector.told
    );
    assert!(collector.told.contains(&site.data().display().to_string()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(site.data()).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let taken = crate::site::anxin()
        .args(["serve", "--listen", &collector.address, "--data"])
        .arg(site.data())
        .output()
        .unwrap();
    assert_eq!(taken.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&taken.stderr).contains("--listen"), "says what to do");
}
