//! Languages in headings: `label::中文 (zh-CN)`.

/// The language tag in the name of a language: `zh-CN` of `中文 (zh-CN)`, `en` of `en`. `None` if the name
/// has none.
pub(crate) fn tag(name: &str) -> Option<&str> {
    let within = name.strip_suffix(')').and_then(|name| name.rsplit_once('(')).map(|(_, tag)| tag.trim());
    if let Some(tag) = within {
        return Some(tag).filter(|tag| well_formed(tag));
    }
    // A bare word is a tag only if it cannot be a language's name.
    let primary = name.split('-').next().unwrap_or_default();
    let short = matches!(primary.len(), 2 | 3) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
    Some(name).filter(|name| short && well_formed(name))
}

fn well_formed(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The name of a language in a heading, by its tag.
pub(super) fn name(tag: &str) -> String {
    const NAMES: [(&str, &str); 8] = [
        ("zh", "中文"),
        ("en", "English"),
        ("ug", "ئۇيغۇرچە"),
        ("bo", "བོད་སྐད་"),
        ("mn", "Монгол"),
        ("za", "Vahcuengh"),
        ("kk", "Қазақша"),
        ("ko", "한국어"),
    ];
    let primary = tag.split('-').next().unwrap_or_default();
    let known = NAMES.iter().find(|(it, _)| *it == primary).map_or(tag, |(_, name)| name);
    format!("{known} ({tag})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_tag_in_a_name() {
        assert_eq!(tag("中文 (zh-CN)"), Some("zh-CN"));
        assert_eq!(tag("English (en)"), Some("en"));
        assert_eq!(tag("zh-Hant"), Some("zh-Hant"));
        for none in ["English", "中文", "English (英文)", "English ()", ""] {
            assert_eq!(tag(none), None, "{none}");
        }
    }

    #[test]
    fn every_name_gives_its_tag_back() {
        for it in ["zh-CN", "en", "x-klingon", "abcdefgh"] {
            assert_eq!(tag(&name(it)), Some(it));
        }
    }
}
