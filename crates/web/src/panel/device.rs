//! What a browser says of itself, in plain words. It is free text: what is not known is told as unknown, never shown.

/// Names of browsers by the mark that gives each away. The order matters: most of them also claim to be the later ones.
const BROWSERS: [(&str, &str); 10] = [
    ("YaBrowser/", "Яндекс Браузер"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
];

/// Names of systems, likewise.
const SYSTEMS: [(&str, &str); 8] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

/// Browser and system, as "Firefox, Windows"; `None` when neither is known.
pub(crate) fn device(user_agent: &str) -> Option<String> {
    let named = |all: &[(&str, &'static str)]| {
        all.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = named(&BROWSERS).or_else(|| {
        // Safari's own word is claimed by all; the version word only by itself.
        (user_agent.contains("Version/") && user_agent.contains("Safari/")).then_some("Safari")
    });
    let words: Vec<&str> = browser.into_iter().chain(named(&SYSTEMS)).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_browsers_are_told_by_name_and_system() {
        for (told, agent) in [
            (
                "Firefox, Windows",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
            ),
            (
                "Chrome, Android",
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
            ),
            (
                "Яндекс Браузер, Windows",
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 YaBrowser/24.10 Safari/537.36",
            ),
            (
                "Safari, iPhone",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 \
                 Mobile/15E148 Safari/604.1",
            ),
            (
                "Edge, macOS",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 \
                 Safari/537.36 Edg/131.0.0.0",
            ),
        ] {
            assert_eq!(device(agent).as_deref(), Some(told));
        }
    }

    #[test]
    fn what_is_not_known_is_not_shown() {
        assert_eq!(device(""), None);
        assert_eq!(device("<script>alert(1)</script>"), None);
        assert_eq!(device("curl/8.5 (Linux)").as_deref(), Some("Linux"));
    }
}
