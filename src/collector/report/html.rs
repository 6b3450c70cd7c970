//! A page: one file, no script, with its style in it; to read, and to print on A4.

use std::fmt::Write;

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::document::{Cell, Document, Table};
use crate::collector::poster::escaped;

/// The style: the same in every report, so that a policy can name it.
const STYLE: &str = include_str!("report.css");

/// What a page as this may load and do: show its own style, and nothing else.
pub(in crate::collector) fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
}

/// The file.
pub(super) fn write(document: &Document) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} · {running}</title>\n<style>{STYLE}</style>\n\
         <main>\n<header>\n<h1>{title}</h1>\n<p class=\"running\">{running}</p>\n<dl>\n",
        escaped(&document.language),
        title = escaped(&document.title),
        running = escaped(&document.running),
    );
    for (name, value) in &document.facts {
        let _ = writeln!(html, "<div><dt>{name}</dt><dd>{}</dd></div>", escaped(&value.text(&document.language)));
    }
    let _ = write!(html, "</dl>\n</header>\n<h2>{}</h2>\n<ul class=\"findings\">\n", document.glance);
    for finding in &document.findings {
        let (name, sign) = (finding.mark.name(), finding.mark.sign());
        let text = escaped(&finding.text);
        // The words say what the sign says.
        let _ = writeln!(html, "<li class=\"{name}\"><span aria-hidden=\"true\">{sign}</span><span>{text}</span></li>");
    }
    html.push_str("</ul>\n");
    for (index, it) in document.tables.iter().enumerate() {
        table(&mut html, &document.language, index, it);
    }
    let _ = write!(html, "<h2>{}</h2>\n<ul class=\"notes\">\n", document.how_to_read);
    for note in &document.notes {
        let _ = writeln!(html, "<li>{}</li>", escaped(note));
    }
    let _ = write!(html, "</ul>\n</main>\n<footer>{}</footer>\n</html>\n", escaped(&document.made));
    html
}

fn table(html: &mut String, language: &str, index: usize, table: &Table) {
    // What is too wide for a screen is moved with the keyboard too.
    let _ = write!(
        html,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"table-{index}\">\n\
         <table>\n<caption id=\"table-{index}\">{}</caption>\n<thead>\n<tr>",
        escaped(&table.caption)
    );
    for (place, column) in table.columns.iter().enumerate() {
        let number = table.rows.iter().all(|row| row.get(place).is_some_and(Cell::is_number));
        let class = if number { " class=\"number\"" } else { "" };
        let _ = write!(html, "<th scope=\"col\"{class}>{}</th>", column.heading);
    }
    html.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        html.push_str("<tr>");
        for (column, cell) in table.columns.iter().zip(row) {
            let text = escaped(&cell.text(language));
            let _ = match cell {
                _ if column.names => write!(html, "<th scope=\"row\">{text}</th>"),
                Cell::Band(band) => write!(html, "<td class=\"{}\">{text}</td>", band.name()),
                cell if cell.is_number() => write!(html, "<td class=\"number\">{text}</td>"),
                _ => write!(html, "<td>{text}</td>"),
            };
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
}
