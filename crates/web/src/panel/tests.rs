//! The panel asked over HTTP: who may see and do what, and what nobody gets to see.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use chrono::{DateTime, Utc};
use domain::posting::{Address, Company, Customer, Details, Product, Recipient};
use domain::{Currency, Money, OzonStatus, Posting, PostingNumber};
use secrecy::SecretString;
use storage::Store;
use storage::cabinets::NewCabinet;
use storage::intake::{Arrival, Arrived, ShownBy};
use storage::people::Role;
use sync::{Clock, Desk};
use testkit::on_both_databases;
use tower::ServiceExt;

use super::routes::at;
use super::set_up::set_up_path;
use crate::{AppState, WebConfig};

mod account;
mod audit;
mod card;
mod instances;
mod journal;
mod lists;
mod live;
mod mail;
mod orders;
mod out;
mod overview;
mod personal_data;
mod reconciliation;
mod security;
mod settings;
mod settings_versions;
mod together;
mod warehouses;

/// Words that only those may read who may see persons.
const PERSONAL: [&str; 6] = ["Ёлкин", "9031234567", "Кедрова", "117036", "Сидорова", "Позвонить Петру"];

/// Acts that concern nobody but oneself, so that everyone may do them.
const OWN: [&str; 8] = [
    "/sign-in",
    "/sign-in/code",
    "/sign-out",
    "/preferences",
    "/setup/x",
    "/orders/columns",
    "/orders/views",
    "/orders/views/delete",
];

fn noon() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().expect("a literal time")
}

struct Panel {
    site: axum::Router,
    store: Store,
    desk: Desk,
    state: AppState,
    /// What stands before the names of cookies.
    prefix: &'static str,
}

struct Answer {
    status: StatusCode,
    location: String,
    cookies: Vec<String>,
    html: String,
}

impl Panel {
    fn new(store: Store, public_url: Option<&str>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let desk = Desk::new(store.clone(), sync::Config::default(), Clock::of(noon));
        let config = WebConfig {
            public_url: public_url.map(|url| url.parse().expect("a literal address")),
            api_urls: vec!["http://127.0.0.1:9".to_owned()],
            mail_servers: crate::MailServers::default(),
            time_zone: chrono_tz::Europe::Moscow,
            version: "0.0.0",
            networks: crate::Networks::default(),
            demo: None,
        };
        let prefix = if config.is_https() { "__Host-" } else { "" };
        let state = AppState::new(store.clone(), desk.clone(), config);
        Self { site: crate::router(state.clone()), store, desk, state, prefix }
    }

    async fn ask(&self, method: Method, path: &str, cookie: &str, form: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form.to_owned()))
            .expect("a request");
        let answer = self.site.clone().oneshot(request).await.expect("the site answers");
        let text = |value: &header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        Answer {
            status: answer.status(),
            location: answer.headers().get(header::LOCATION).map(text).unwrap_or_default(),
            cookies: answer.headers().get_all(header::SET_COOKIE).iter().map(text).collect(),
            html: String::from_utf8(to_bytes(answer.into_body(), 10_000_000).await.expect("a body").to_vec())
                .expect("text"),
        }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(Method::GET, path, cookie, "").await
    }

    /// A cookie of somebody with a role.
    async fn signed_in(&self, role: Role) -> String {
        let email = format!("{role}@example.com");
        let user = self.store.add_user(&email, "no hash", role, noon()).await.expect("a user");
        let token = self.store.open_session(user.id, "a test", noon(), chrono::Duration::days(1)).await;
        format!("{}vygruzka_session={}", self.prefix, token.expect("a session"))
    }

    /// A cabinet with one order that has everything of a person, and one posting that made none.
    async fn with_an_order(&self) {
        let new = NewCabinet {
            name: "Дом и свет".into(),
            client_id: "836977".into(),
            api_key: SecretString::from("a-key-for-tests"),
            api_url: "http://127.0.0.1:9".into(),
        };
        let cabinet = self.store.add_cabinet(new, noon(), "a test").await.expect("a cabinet").id;
        let late =
            Posting { number: number("52100008811-0042-1"), status: OzonStatus::Delivering, ..posting() };
        let arrived = [posting(), late].map(|posting| Arrived {
            raw: serde_json::to_string(&posting).expect("plain values"),
            number: posting.number.clone(),
            posting: Ok(posting),
        });
        let arrival = Arrival { cabinet, shown_by: ShownBy::List, read_at: noon(), postings: arrived.into() };
        self.store.take_in(&arrival, noon(), false).await.expect("it is taken in");
        let order = self
            .store
            .order_of_posting(cabinet, &posting().number)
            .await
            .expect("an answer")
            .expect("an order");
        let act = domain::by_hand::Act::SetComment("Позвонить Петру".into());
        self.store.act_on_order(order.id, act, &domain::Actor::Command, noon()).await.expect("it is written");
    }
}

fn number(text: &str) -> PostingNumber {
    PostingNumber::new(text).expect("a number")
}

fn posting() -> Posting {
    let price = Money { minor: 153_000, currency: Currency::RUB };
    let name = Some("Пётр Ёлкин".to_owned());
    let phone = Some("+79031234567".to_owned());
    Posting {
        number: number("98105259411-0854-2"),
        status: OzonStatus::AwaitingPackaging,
        substatus: Some("posting_created".into()),
        products: vec![Product {
            offer_id: "SK-58".into(),
            sku: Some(160_249_683),
            name: "<script>alert(1)</script>".into(),
            quantity: 2,
            price,
            old_price: None,
            customer_price: None,
            weight_grams: None,
            color: None,
        }],
        details: Details {
            in_process_at: Some(noon()),
            tpl_integration_type: Some("non_integrated".into()),
            is_legal: Some(true),
            company: Some(Company {
                name: Some("ИП Сидорова".into()),
                inn: Some("770000000001".into()),
                kpp: None,
            }),
            ..Details::default()
        },
        customer: Some(Customer {
            id: Some(111),
            name: name.clone(),
            phone: phone.clone(),
            email: None,
            address: Some(Address {
                tail: Some("ул. Кедрова, 5".into()),
                zip_code: Some("117036".into()),
                ..Address::default()
            }),
        }),
        recipient: Some(Recipient { name, phone, pin: None }),
        related: None,
    }
}

/// Every address, with something in its places; but for the stream, whose answer does not end.
fn addresses() -> Vec<String> {
    at::ALL
        .iter()
        .filter(|pattern| **pattern != at::LIVE)
        .map(|pattern| {
            pattern
                .replace("{id}", "1")
                .replace("{list}", "sources")
                .replace("{token}", "x")
                .replace("{number}", "1")
        })
        .collect()
}

on_both_databases! {
    async fn whoever_is_not_signed_in_sees_and_does_nothing(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let open = ["/sign-in", "/sign-out", "/preferences", "/setup/x"];
        for path in addresses().iter().filter(|path| !open.contains(&path.as_str())) {
            for method in [Method::GET, Method::POST] {
                let answer = panel.ask(method.clone(), path, "", "name=x").await;
                let refused = answer.location.starts_with("/sign-in")
                    || [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&answer.status);
                assert!(refused, "{method} {path} answers {}", answer.status);
                assert!(!answer.html.contains("98105259411"), "{method} {path} tells of an order");
            }
        }
    }

    async fn a_viewer_finds_no_personal_data_on_any_page_and_may_do_nothing(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let (viewer, admin) = (panel.signed_in(Role::Viewer).await, panel.signed_in(Role::Admin).await);
        let mut seen = 0;
        for path in addresses().iter().chain(&["/postings/2".to_owned()]) {
            let answer = panel.get(path, &viewer).await;
            seen += usize::from(answer.status == StatusCode::OK);
            for word in PERSONAL {
                assert!(!answer.html.contains(word), "{path} tells a viewer “{word}”");
            }
        }
        assert!(seen > 12, "only {seen} pages were looked at");
        let found = |html: &str| html.contains("href=\"/orders/1?from=q%3D");
        assert!(found(&panel.get("/orders?q=9031234567", &admin).await.html));
        assert!(!found(&panel.get("/orders?q=9031234567", &viewer).await.html), "a search tells whose phone it is");
        let card = panel.get("/orders/1", &admin).await.html;
        for word in PERSONAL {
            assert!(card.contains(word), "an administrator does not find “{word}” on the card");
        }
        let acts = addresses().into_iter().filter(|p| !OWN.contains(&p.as_str()) && !p.starts_with("/account"));
        for path in acts {
            let form = "name=x&ids=1&status=1&act=role&role=admin&email=a@b.c&api_key=k&id=1&template=x";
            let answer = panel.ask(Method::POST, &path, &viewer, form).await;
            let refused = [StatusCode::FORBIDDEN, StatusCode::METHOD_NOT_ALLOWED];
            assert!(refused.contains(&answer.status), "a viewer's POST to {path} is answered {}", answer.status);
        }
    }

    async fn a_manager_works_orders_but_sets_nothing_up(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let manager = panel.signed_in(Role::Manager).await;
        let paid = panel.ask(Method::POST, "/orders/1/act", &manager, "paid=true").await;
        assert_eq!((paid.status, paid.location.as_str()), (StatusCode::SEE_OTHER, "/orders/1"));
        for path in ["/cabinets/new", "/cabinets/1/settings", "/cabinets/1/key", "/lists/statuses", "/users", "/users/tokens"] {
            let answer = panel.ask(Method::POST, path, &manager, "name=x&api_key=k&role=admin").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(answer.html.contains("Сюда у вас нет доступа"));
        }
        assert_eq!(panel.get("/users", &manager).await.status, StatusCode::FORBIDDEN);
    }

    async fn what_ozon_says_cannot_become_markup(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        for path in ["/orders", "/orders/1", "/postings/1"] {
            let html = panel.get(path, &admin).await.html;
            assert!(html.contains("alert(1)") && !html.contains("<script>alert"), "{path}");
        }
    }

    async fn the_first_link_makes_one_administrator_and_no_second(store: Store) {
        let panel = Panel::new(store.clone(), Some("https://panel.example.com"));
        let older = set_up_path(&store).await.expect("an answer").expect("a link");
        let link = set_up_path(&store).await.expect("an answer").expect("a link");
        assert_eq!(panel.get(&older, "").await.status, StatusCode::NOT_FOUND);
        let weak = panel.ask(Method::POST, &link, "", "email=Olga%40example.com&password=short").await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(weak.html.contains("Olga@example.com") && !weak.html.contains("value=\"short\""));
        let made = panel.ask(Method::POST, &link, "", "email=Olga%40example.com&password=long+enough+1").await;
        let session = made.cookies.iter().find(|c| c.starts_with("__Host-vygruzka_session=")).expect("a session");
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax") && session.contains("Secure"));
        assert!(session.contains("; Path=/;") && !session.contains("Domain"), "or no browser takes the name");
        let cookie = session.split(';').next().unwrap_or_default();
        assert_eq!(panel.get("/users", cookie).await.status, StatusCode::OK);
        let again = panel.ask(Method::POST, &link, "", "email=eve%40example.com&password=long+enough+2").await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        assert!(set_up_path(&store).await.expect("an answer").is_none());
    }

    async fn signing_in_needs_the_right_password_and_leads_only_within_the_site(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let hash = crate::password::hash("long enough 1").expect("a hash");
        store.add_user("olga@example.com", &hash, Role::Manager, noon()).await.expect("a user");
        let wrong = panel.ask(Method::POST, "/sign-in", "", "email=olga%40example.com&password=x").await;
        let unknown = panel.ask(Method::POST, "/sign-in", "", "email=olgA%40example.org&password=x").await;
        let told = |answer: &Answer| answer.html.contains("Почта или пароль не подходят");
        assert!(told(&wrong) && told(&unknown) && wrong.status == unknown.status);
        let form = "email=+OLGA%40example.com&password=long+enough+1&next=%2F%2Fevil.example";
        let right = panel.ask(Method::POST, "/sign-in", "", form).await;
        assert_eq!(right.location, "/orders");
        panel.signed_in(Role::Admin).await;
        let user = store.user_by_email("olga@example.com").await.expect("an answer").expect("the user").0;
        store.disable_user(user.id, noon()).await.expect("it is done");
        assert!(told(&panel.ask(Method::POST, "/sign-in", "", form).await));
    }

    async fn nonsense_in_an_address_is_never_our_fault(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        for path in ["/orders/999", "/orders/x", "/orders/99999999999999999999", "/orders?cursor=!!", "/orders?status=x&sort=y",
            "/postings?reason=x&cursor=zz", "/cabinets/7", "/cabinets/7/settings", "/lists/named/nothing", "/runs?cabinet=x",
            "/orders?from=9999-99-99", "/orders?to=262142-12-31", "/lists/customers/5555", "/orders?q=%00%FF", "/nowhere"]
        {
            let answer = panel.get(path, &admin).await;
            assert!(!answer.status.is_server_error(), "{path} is answered {}", answer.status);
            assert!(answer.html.contains("<h1"), "{path} says nothing in words: {}", answer.html);
        }
    }
}
