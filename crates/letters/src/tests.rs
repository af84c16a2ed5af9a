//! Every letter reads right in both languages, and the way to a mail server is held against a real one on loopback.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Moscow;
use mail_parser::MessageParser;
use strum::IntoEnumIterator;
use testkit::smtp::{Manners, Protection, Sink};
use url::Url;
use voice::{Lang, Voice};

use crate::post::{self, Envelope, Login, MailField, MailServer, PostError, Security, Trouble};
use crate::{Letter, Rendered, render};

fn now() -> DateTime<Utc> {
    "2026-11-23T11:05:00Z".parse().expect("a literal time")
}

fn voice(lang: Lang) -> Voice {
    Voice { lang, zone: Moscow, now: now() }
}

fn panel() -> Url {
    "https://shop.example/".parse().expect("a literal address")
}

#[test]
fn every_letter_reads_right_in_both_languages() {
    for lang in Lang::ALL {
        let all: Vec<String> = Letter::samples(now())
            .iter()
            .map(|letter| {
                let shown = render(letter, voice(lang), Some(&panel())).expect("it renders");
                format!("Subject: {}\n\n{}", shown.subject, shown.text)
            })
            .collect();
        insta::assert_snapshot!(format!("letters_{}", lang.code()), all.join("\n==========\n"));
    }
}

#[test]
fn text_and_html_tell_the_same_and_nothing_is_left_unsaid() {
    for lang in Lang::ALL {
        for letter in Letter::samples(now()) {
            let shown = render(&letter, voice(lang), Some(&panel())).expect("it renders");
            assert!(
                !shown.text.contains("Unknown localization") && !shown.html.contains("Unknown localization")
            );
            assert!(!shown.text.contains("{ $"), "{}", shown.text);
            let title = shown.subject.strip_prefix("Ozon: ").expect("the subject begins alike");
            let first = shown.text.lines().next().expect("a text has lines");
            assert_eq!(first, title);
            assert!(shown.html.contains("<h1"));
            if let Letter::NewOrders(told) = &letter
                && told.summary.is_none()
            {
                for order in &told.orders {
                    assert!(shown.text.contains(&order.number) && shown.html.contains(&order.number));
                    let link = format!("https://shop.example/orders/{}", order.id);
                    assert!(shown.text.contains(&link) && shown.html.contains(&link));
                }
            }
            assert!(v_list(lang, letter.kind()), "{} has no name in the list", letter.kind());
            let alone = render(&letter, voice(lang), None).expect("it renders");
            assert!(!alone.text.contains("http") && !alone.html.contains("href"), "nothing is linked");
        }
        for trouble in Trouble::iter() {
            let word = |family| voice(lang).ozon_word(family, trouble.into());
            assert!(word("post").is_some() && word("post-advice").is_some(), "{trouble} has no words");
        }
    }
}

fn v_list(lang: Lang, kind: &str) -> bool {
    voice(lang).ozon_word("letter-kind", kind).is_some()
}

#[test]
fn a_letter_reads_back_as_it_was_kept() {
    for letter in Letter::samples(now()) {
        let kept = serde_json::to_string(&letter).expect("it can be kept");
        assert_eq!(serde_json::from_str::<Letter>(&kept).expect("it reads back"), letter);
    }
}

#[test]
fn what_comes_from_outside_neither_breaks_a_header_nor_becomes_html() {
    let hostile =
        "x\r\nBcc: thief@example.com\r\n\r\n<script>alert(1)</script>".to_owned() + &"я".repeat(300);
    let letter = Letter::KeyFails { cabinet: hostile, code: "{ $evil }".to_owned() };
    let shown = render(&letter, voice(Lang::Ru), None).expect("it renders");
    assert!(shown.subject.chars().count() <= 151 && !shown.subject.contains(['\r', '\n']));
    assert!(!shown.html.contains("<script"));
}

fn server(sink: &Sink) -> MailServer {
    MailServer {
        host: "localhost".to_owned(),
        port: sink.port(),
        security: Security::Plain,
        login: None,
        sender: "Выгрузка <desk@shop.example>".to_owned(),
        recipients: vec!["olga@shop.example".to_owned(), "petr@shop.example".to_owned()],
        extra_root: sink.root(),
    }
}

fn letter() -> Rendered {
    render(&Letter::samples(now())[0], voice(Lang::Ru), Some(&panel())).expect("it renders")
}

async fn sent(server: &MailServer) -> Result<Option<String>, PostError> {
    let envelope = Envelope { id: "vygruzka-1", date: now() };
    let taken = post::send(server, &letter(), &envelope, async || true).await?;
    Ok(taken.map(|taken| taken.answer))
}

#[tokio::test]
async fn a_letter_arrives_whole_at_everyone() {
    let sink = Sink::open().await;
    let said = sent(&server(&sink)).await.expect("it is sent").expect("the server answers");
    assert_eq!(said, "250 2.0.0 queued as 4F1A2B");
    let [received] = &sink.letters()[..] else { panic!("one letter arrived: {:?}", sink.letters()) };
    assert_eq!(received.from, "desk@shop.example");
    assert_eq!(received.to, ["olga@shop.example", "petr@shop.example"]);
    assert!(received.text.is_ascii(), "every server understands it");
    let read = MessageParser::default().parse(received.text.as_bytes()).expect("it is a letter");
    let written = letter();
    assert_eq!(read.subject(), Some(written.subject.as_str()));
    assert_eq!(read.message_id(), Some("vygruzka-1@shop.example"));
    assert_eq!(received.header("Auto-Submitted"), Some("auto-generated"));
    assert_eq!(read.date().map(mail_parser::DateTime::to_timestamp), Some(now().timestamp()));
    let from = read.from().and_then(|from| from.first()).expect("somebody wrote it");
    assert_eq!((from.name(), from.address()), (Some("Выгрузка"), Some("desk@shop.example")));
    let same = |a: &str, b: &str| a.trim().replace("\r\n", "\n") == b.trim();
    assert!(same(&read.body_text(0).expect("a text"), &written.text));
    assert!(same(&read.body_html(0).expect("an HTML"), &written.html));
}

#[tokio::test]
async fn the_way_is_encrypted_and_the_login_is_told_only_then() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    for (protection, security) in
        [(Protection::Tls, Security::Tls), (Protection::StartTls, Security::StartTls)]
    {
        let sink = Sink::protected(protection, Some(("desk", "s3cret"))).await;
        let login =
            |password: &str| Some(Login { name: "desk".to_owned(), password: password.to_owned().into() });
        let right = MailServer { security, login: login("s3cret"), ..server(&sink) };
        sent(&right).await.expect("it is sent");
        post::knock(&right).await.expect("the door opens");
        assert_eq!(sink.letters().len(), 1, "knocking sends nothing");

        let wrong = MailServer { login: login("other-secret"), ..right.clone() };
        let error = sent(&wrong).await.expect_err("the password is wrong");
        assert_eq!(error.trouble, Trouble::MailLogin);
        assert!(error.answer.contains("535 5.7.8"), "{error}");
        assert!(!format!("{error:?}").contains("other-secret"), "the password is told nobody");

        let nobody = MailServer { login: None, ..right.clone() };
        assert_eq!(sent(&nobody).await.expect_err("nobody is known").trouble, Trouble::MailSender);

        let stranger = MailServer { extra_root: None, ..right.clone() };
        assert_eq!(sent(&stranger).await.expect_err("nobody vouches").trouble, Trouble::MailTls);
        assert_eq!(sink.letters().len(), 1);
    }
    // A server that cannot encrypt gets no letter and no password.
    let open = Sink::open().await;
    let asked = MailServer { security: Security::StartTls, ..server(&open) };
    assert_eq!(sent(&asked).await.expect_err("there is no STARTTLS").trouble, Trouble::MailTls);
    assert!(open.letters().is_empty());
}

#[tokio::test]
async fn every_refusal_is_sorted_and_keeps_the_servers_own_words() {
    let sink = Sink::open().await;
    let cases = [
        (
            Manners { to_sender: Some("553 5.7.1 not your address".into()), ..Manners::default() },
            Trouble::MailSender,
        ),
        (Manners { to_sender: Some("451 4.3.0 busy".into()), ..Manners::default() }, Trouble::MailLater),
        (
            Manners { to_letter: Some("554 5.6.0 looks like spam".into()), ..Manners::default() },
            Trouble::MailRejected,
        ),
        (
            Manners { to_letter: Some("452 4.2.2 mailbox full".into()), ..Manners::default() },
            Trouble::MailLater,
        ),
        (
            Manners {
                to_recipients: vec![
                    ("olga@shop.example".into(), "550 5.1.1 no such user".into()),
                    ("petr@shop.example".into(), "550 5.1.1 no such user".into()),
                ],
                ..Manners::default()
            },
            Trouble::MailRecipients,
        ),
        (Manners { silent_amid: 1, ..Manners::default() }, Trouble::MailUnanswered),
        // What no decoder reads is no matter of encryption, whenever it comes.
        (Manners { mumbles_to_sender: true, ..Manners::default() }, Trouble::MailBroken),
    ];
    for (manners, trouble) in cases {
        let reply = manners.to_sender.clone().or_else(|| manners.to_letter.clone());
        sink.behave(manners);
        let error = sent(&server(&sink)).await.expect_err("it is refused");
        assert_eq!(error.trouble, trouble, "{error}");
        assert_eq!(error.answer, reply.unwrap_or_else(|| error.answer.clone()));
        assert!(sink.letters().is_empty());
    }
    // One wrong address beside a right one stops nothing, and is told.
    sink.behave(Manners {
        to_recipients: vec![("petr@shop.example".into(), "550 5.1.1 no such user".into())],
        ..Manners::default()
    });
    let said = sent(&server(&sink)).await.expect("it is sent").expect("the server answers");
    assert!(said.contains("petr@shop.example: 550 5.1.1 no such user"), "{said}");
    assert_eq!(sink.letters()[0].to, ["olga@shop.example"]);

    // One who may be written to later is named, and the others have their letter.
    sink.behave(Manners {
        to_recipients: vec![("olga@shop.example".into(), "450 4.7.1 come back later".into())],
        ..Manners::default()
    });
    let envelope = Envelope { id: "vygruzka-2", date: now() };
    let taken = post::send(&server(&sink), &letter(), &envelope, async || true).await.expect("it is sent");
    assert_eq!(taken.expect("the server answers").put_off, ["olga@shop.example"]);
    assert_eq!(sink.letters()[1].to, ["petr@shop.example"]);
    sink.behave(Manners {
        to_recipients: vec![
            ("olga@shop.example".into(), "450 4.7.1 come back later".into()),
            ("petr@shop.example".into(), "550 5.1.1 no such user".into()),
        ],
        ..Manners::default()
    });
    assert_eq!(sent(&server(&sink)).await.expect_err("nobody is taken").trouble, Trouble::MailLater);

    // It keeps the letter, and says so in letters that nobody can read.
    sink.behave(Manners { mumbles_after: 1, ..Manners::default() });
    assert_eq!(sent(&server(&sink)).await.expect_err("nobody knows").trouble, Trouble::MailUnanswered);
    assert_eq!(sink.letters().len(), 3);

    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = free.local_addr().expect("it has an address").port();
    drop(free);
    let nobody = MailServer { port, ..server(&sink) };
    assert_eq!(sent(&nobody).await.expect_err("nobody is there").trouble, Trouble::MailUnreachable);
}

#[tokio::test]
async fn a_letter_that_is_no_longer_ours_is_not_sent() {
    let sink = Sink::open().await;
    let envelope = Envelope { id: "vygruzka-1", date: now() };
    let said = post::send(&server(&sink), &letter(), &envelope, async || false).await;
    assert_eq!(said, Ok(None));
    assert!(sink.letters().is_empty());
}

#[test]
fn wrong_settings_are_named() {
    let right = MailServer {
        host: "smtp.shop.example".to_owned(),
        port: 465,
        security: Security::Tls,
        login: Some(Login { name: "desk".to_owned(), password: "s3cret".to_owned().into() }),
        sender: "desk@shop.example".to_owned(),
        recipients: vec!["olga@shop.example".to_owned()],
        extra_root: None,
    };
    assert_eq!(right.faults(), []);
    let wrong = |change: fn(&mut MailServer)| {
        let mut server = right.clone();
        change(&mut server);
        server.faults()
    };
    assert_eq!(wrong(|s| s.host = "smtp.shop.example/x y".into()), [MailField::Host]);
    assert_eq!(wrong(|s| s.port = 0), [MailField::Port]);
    assert_eq!(wrong(|s| s.security = Security::Plain), [MailField::Security]);
    assert_eq!(wrong(|s| (s.security, s.host) = (Security::Plain, "127.0.0.1".into())), []);
    assert_eq!(wrong(|s| s.sender = "desk".into()), [MailField::Sender]);
    assert_eq!(wrong(|s| s.recipients.clear()), [MailField::Recipients]);
    assert_eq!(wrong(|s| s.recipients = vec!["ольга@магазин.рф".into()]), [MailField::Recipients]);
    assert_eq!(
        wrong(|s| s.recipients = vec!["a@b.example\r\nRCPT TO:<c@d.example>".into()]),
        [MailField::Recipients]
    );
    assert_eq!(wrong(|s| s.extra_root = Some("no certificate".into())), [MailField::ExtraRoot]);
}
