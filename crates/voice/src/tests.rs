//! The words of both languages are complete, and every word that the code asks for exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Europe::Moscow;
use domain::{Currency, Money};

use super::*;

fn voice(lang: Lang) -> Voice {
    let now: DateTime<Utc> = "2026-11-23T11:05:00Z".parse().expect("a literal time");
    Voice { lang, zone: Moscow, now }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The rooms that speak.
const SPEAKERS: [&str; 2] = ["letters", "web"];

/// The files of all speakers in one of their folders.
fn spoken(folder: &str, extension: &str) -> Vec<PathBuf> {
    let crates = root().join("..");
    SPEAKERS.iter().flat_map(|speaker| files(&crates.join(speaker).join(folder), extension)).collect()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found
}

/// Every key of a language with the places in it, such as `$count`.
fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files(&root().join("locales").join(lang.code()), "ftl") {
        let text = fs::read_to_string(file).expect("it can be read");
        let mut current = None;
        for line in text.lines() {
            if let Some((key, _)) = line.split_once(" =")
                && !line.starts_with([' ', '#'])
            {
                assert!(!keys.contains_key(key), "{key} is there twice");
                keys.entry(key.to_owned()).or_default();
                current = Some(key.to_owned());
            }
            if let Some(places) = current.as_ref().and_then(|key| keys.get_mut(key)) {
                for place in line.split('$').skip(1) {
                    places.insert(place.chars().take_while(char::is_ascii_alphanumeric).collect());
                }
            }
        }
    }
    keys
}

#[test]
fn both_languages_have_the_same_words_with_the_same_places() {
    let (ru, en) = (keys(Lang::Ru), keys(Lang::En));
    for (key, places) in &ru {
        let english = en.get(key).unwrap_or_else(|| panic!("{key} has no English"));
        // A plural may show the number in one language and spell it out in the other.
        let shown =
            |places: &BTreeSet<String>| places.iter().filter(|p| *p != "n").cloned().collect::<Vec<_>>();
        assert_eq!(shown(places), shown(english), "{key} names other places in English");
    }
    for key in en.keys() {
        assert!(ru.contains_key(key), "{key} has no Russian");
    }
}

#[test]
fn every_word_that_code_and_templates_ask_for_exists() {
    let known = keys(Lang::Ru);
    let mut sources = spoken("src", "rs");
    sources.extend(spoken("templates", "html"));
    let mut asked = 0;
    for file in sources {
        let text = fs::read_to_string(&file).expect("it can be read");
        for call in [".t(\"", ".n(\"", ".with(\"", ".fill(\""] {
            for rest in text.split(call).skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                assert!(known.contains_key(key), "{} asks for {key}", file.display());
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "the search for words found only {asked}");
}

#[test]
fn templates_hold_no_words_of_their_own() {
    for file in spoken("templates", "html") {
        let text = fs::read_to_string(&file).expect("it can be read");
        let cyrillic = text.chars().find(|c| ('\u{400}'..='\u{4ff}').contains(c));
        assert_eq!(cyrillic, None, "{} has words of its own", file.display());
    }
}

#[test]
fn every_status_of_ozons_has_its_name_in_both_languages() {
    for lang in Lang::ALL {
        let v = voice(lang);
        for status in domain::OzonStatus::KNOWN {
            assert!(v.ozon_word("ozon-status", status.code()).is_some(), "{status} has no name");
        }
        for substatus in domain::ozon_status::MAPPABLE_SUBSTATUSES {
            assert!(v.ozon_word("ozon-substatus", substatus).is_some(), "{substatus} has no name");
        }
    }
    assert_eq!(voice(Lang::Ru).ozon_status("awaiting_deliver"), "Ожидает отгрузки");
    assert_eq!(voice(Lang::Ru).ozon_status("teleported"), "teleported — неизвестный статус Ozon");
    assert_eq!(voice(Lang::En).ozon_status("x\" } y"), "x\" } y — unknown Ozon status");
}

#[test]
fn money_is_written_as_each_language_writes_it() {
    let money = Money { minor: 153_000, currency: Currency::RUB };
    assert_eq!(voice(Lang::Ru).money(&money), "1\u{202f}530,00\u{202f}₽");
    assert_eq!(voice(Lang::En).money(&money), "₽1,530.00");
    let somoni = Money { minor: -5, currency: Currency::parse("TJS").expect("a code") };
    assert_eq!(voice(Lang::Ru).money(&somoni), "−0,05\u{202f}TJS");
    assert_eq!(voice(Lang::En).money(&somoni), "−TJS\u{202f}0.05");
    assert_eq!(voice(Lang::Ru).number(1_234_567), "1\u{202f}234\u{202f}567");
}

#[test]
fn russian_plurals_follow_the_last_digits() {
    let v = voice(Lang::Ru);
    let days = |n: u64| v.n("key-days-left", n);
    assert_eq!(days(1), "действует ещё 1\u{a0}день");
    assert_eq!(days(3), "действует ещё 3\u{a0}дня");
    assert_eq!(days(11), "действует ещё 11\u{a0}дней");
    assert_eq!(days(21), "действует ещё 21\u{a0}день");
    assert_eq!(days(112), "действует ещё 112\u{a0}дней");
}

#[test]
fn times_are_said_as_people_say_them() {
    let v = voice(Lang::Ru);
    let at = |hours: i64| v.when(&(v.now + Duration::hours(hours))).text;
    assert_eq!(at(0), "сегодня 14:05");
    assert_eq!(at(-24), "вчера");
    assert_eq!(at(24), "завтра 14:05");
    assert_eq!(at(-11 * 24), "12 нояб.");
    assert_eq!(at(-365 * 24), "23 нояб. 2025");
    assert_eq!(voice(Lang::En).when(&(v.now - Duration::days(365))).text, "Nov 23, 2025");
    assert_eq!(v.when(&v.now).title, "23 ноября 2026, 14:05:00 (Europe/Moscow, UTC+03:00)");
    assert_eq!(v.dated_shortly(&v.now), "23 ноября 2026, 14:05");
    let midnight = "2025-11-30T21:00:00Z".parse().expect("a time");
    assert_eq!(v.dated_shortly(&midnight), "1 декабря 2025", "a day's beginning is the day");
    // 23:30 in Moscow the day before is "yesterday" although it is the same day in UTC.
    assert_eq!(v.when(&"2026-11-22T20:30:00Z".parse().expect("a time")).text, "вчера");
}

#[test]
fn what_was_over_at_once_took_less_than_a_second() {
    let took = |lang, millis| voice(lang).took(Duration::milliseconds(millis));
    assert_eq!(took(Lang::Ru, 0), "< 1\u{a0}с");
    assert_eq!(took(Lang::En, 999), "< 1\u{a0}s");
    assert_eq!(took(Lang::Ru, 1_000), "1\u{a0}с");
    assert_eq!(took(Lang::En, 125_000), "2\u{a0}min");
}

#[test]
fn a_deadline_says_what_is_left_and_when_it_is_overdue() {
    let v = voice(Lang::Ru);
    let soon = v.left(&(v.now + Duration::minutes(150)), None);
    assert_eq!((soon.text.as_str(), soon.is_soon()), ("через 2\u{a0}ч", true));
    let calm = v.left(&(v.now + Duration::days(3)), None);
    assert_eq!((calm.text.as_str(), calm.is_soon(), calm.is_overdue()), ("через 3\u{a0}дня", false, false));
    let late = v.left(&(v.now - Duration::hours(2)), None);
    assert_eq!((late.text.as_str(), late.is_overdue()), ("просрочен на 2\u{a0}ч", true));
    let grace = v.left(&(v.now - Duration::hours(2)), Some(&(v.now + Duration::hours(4))));
    assert_eq!((grace.text.as_str(), grace.is_soon()), ("через 4\u{a0}ч", true));
    assert!(grace.title.contains("18:05"), "the title tells the time that is counted to: {}", grace.title);
}

#[test]
fn a_warehouses_clock_is_told_in_the_title_and_in_the_words_where_it_is_not_the_shops() {
    let v = voice(Lang::Ru);
    let siberia = chrono::FixedOffset::east_opt(7 * 3600);
    let at = v.now + Duration::hours(8);
    let left = v.left_at(&at, None, siberia);
    assert_eq!(left.text, "через 8\u{a0}ч");
    assert_eq!(left.title, "24 ноября 2026, 02:05:00 (время склада, UTC+07:00)");
    // 22:05 today in Moscow is two in the morning there, where today has five hours left.
    let moment = v.when_exactly_at(&at, siberia);
    assert_eq!(moment.text, "завтра 02:05 (UTC+07:00)");
    assert_eq!((moment.title.as_str(), moment.iso.as_str()), (left.title.as_str(), "2026-11-23T19:05:00Z"));
    let near = chrono::FixedOffset::east_opt(3 * 3600);
    assert_eq!(v.when_exactly_at(&at, near).text, "сегодня 22:05");
    assert_eq!(v.when_exactly_at(&at, None), v.when_exactly(&at));
    let english = voice(Lang::En).left_at(&at, None, siberia).title;
    assert_eq!(english, "November 24, 2026, 02:05:00 (the warehouse’s time, UTC+07:00)");
}

#[test]
fn the_language_is_the_one_asked_for_first_and_russian_otherwise() {
    assert_eq!(Lang::negotiate("en-GB,en;q=0.9,ru;q=0.8"), Lang::En);
    assert_eq!(Lang::negotiate("de, ru;q=0.4, en;q=0.3"), Lang::Ru);
    assert_eq!(Lang::negotiate("de"), Lang::Ru);
    assert_eq!(Lang::negotiate("en;q=nonsense"), Lang::Ru);
}
