//! What protects every answer: headers, cookies, the refusal of other sites' requests, and bounds of what is sent.

use axum::http::HeaderMap;

use super::*;

/// Any request; what it was answered by.
async fn send(
    panel: &Panel,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> (StatusCode, HeaderMap) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body)).expect("a request");
    let answer = panel.site.clone().oneshot(request).await.expect("the site answers");
    (answer.status(), answer.headers().clone())
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

on_both_databases! {
    async fn every_answer_has_the_headers_that_protect_it(store: Store) {
        let panel = Panel::new(store, Some("https://panel.example.com"));
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        for path in ["/orders", "/orders/1", "/sign-in", "/nowhere", "/orders/export", "/cabinets/1/settings/file/download",
            "/api/v1/orders", "/api/v1/openapi.json", "/api/v1/nothing", "/hooks/ozon/x", "/healthz"]
        {
            let (status, headers) = send(&panel, "GET", path, &[("cookie", &admin)], String::new()).await;
            let header = |name: &str| headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default();
            let policy = header("content-security-policy");
            for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"] {
                assert!(policy.contains(rule), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("cache-control", "no-store"),
                ("strict-transport-security", "max-age=31536000"),
            ] {
                assert_eq!(header(name), value, "{path} ({status}): {name}");
            }
            assert!(header("permissions-policy").contains("camera=()"), "{path}");
            assert!(headers.get("access-control-allow-origin").is_none(), "{path}: no other site reads it");
            let kind = header("content-type");
            assert!(status == StatusCode::METHOD_NOT_ALLOWED || !kind.is_empty(), "{path} ({status}) leaves the kind to be guessed");
            if path.ends_with("/export") || path.ends_with("/download") {
                assert!(header("content-disposition").starts_with("attachment; filename=\""), "{path}");
            }
        }
        for method in ["TRACE", "CONNECT"] {
            let (status, _) = send(&panel, method, "/orders", &[("cookie", &admin)], String::new()).await;
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        }
    }

    async fn over_https_the_cookie_of_a_sign_in_is_this_hosts_own_and_no_other_name_is_believed(store: Store) {
        let panel = Panel::new(store, Some("https://panel.example.com"));
        let own = panel.signed_in(Role::Admin).await;
        let plain = own.replace("__Host-", "");
        assert!(panel.get("/orders", &plain).await.location.starts_with("/sign-in"), "another host could have set it");
        assert_eq!(panel.get("/orders", &own).await.status, StatusCode::OK);
        let out = panel.ask(Method::POST, "/sign-out", &own, "").await;
        let gone = out.cookies.iter().find(|c| c.starts_with("__Host-vygruzka_session=;")).expect("it is taken away");
        assert!(gone.contains("Max-Age=0") && gone.contains("Secure") && gone.contains("HttpOnly"), "{gone}");
        assert!(panel.get("/orders", &own).await.location.starts_with("/sign-in"), "and opens nothing any more");
    }

    async fn no_other_site_can_act_for_whoever_is_signed_in(store: Store) {
        let panel = Panel::new(store.clone(), Some("https://panel.example.com"));
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let act = async |headers: &[(&str, &str)]| {
            let all = [&[FORM, ("cookie", admin.as_str()), ("host", "panel.example.com")], headers].concat();
            send(&panel, "POST", "/orders/1/act", &all, "paid=true".to_owned()).await.0
        };
        for foreign in [
            [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
            [("sec-fetch-site", "same-site"), ("origin", "https://evil.example.com")],
            [("origin", "https://evil.example"), ("referer", "https://panel.example.com/orders")],
            [("origin", "null"), ("x-csrf", "1")],
        ] {
            assert_eq!(act(&foreign).await, StatusCode::FORBIDDEN, "{foreign:?}");
        }
        let order = store.order(domain::OrderId(1)).await.expect("an order");
        assert!(!order.paid, "nothing was done");
        assert_eq!(act(&[("sec-fetch-site", "same-origin")]).await, StatusCode::SEE_OTHER);
        assert_eq!(act(&[("origin", "https://panel.example.com")]).await, StatusCode::SEE_OTHER);
        // A browser's cookie opens nothing of the API.
        let (status, _) = send(&panel, "GET", "/api/v1/orders", &[("cookie", &admin)], String::new()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }

    async fn what_is_sent_is_bounded_everywhere(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let cabinet = store.cabinets().await.expect("an answer")[0].id;
        let hook = format!("/hooks/ozon/{}", store.hook_secret(cabinet).await.expect("a secret"));
        let token = format!("Bearer {}", store.add_token("t", Role::Admin, noon()).await.expect("a token").1);
        let mega = "x".repeat(1024 * 1024);
        let site = [("cookie", admin.as_str()), ("authorization", token.as_str()), ("sec-fetch-site", "same-origin")];
        let parts = ("content-type", "multipart/form-data; boundary=b");
        let file = |size| format!("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}\r\n--b--\r\n", &mega[..size]);
        for (path, kind, body, told) in [
            ("/orders/1/comments", FORM, format!("text={mega}"), 413),
            ("/sign-in", FORM, format!("email=a&password={mega}"), 413),
            ("/cabinets/1/settings/file", parts, file(300 * 1024), 422),
            ("/api/v1/sources", JSON, format!("{{\"name\":\"{mega}\"}}"), 413),
            (hook.as_str(), JSON, format!("{{\"message_type\":\"{}\"}}", &mega[..256 * 1024]), 413),
        ] {
            let length = body.len().to_string();
            // With its length told, and without.
            for told_length in [vec![("content-length", length.as_str())], Vec::new()] {
                let headers = [&site[..], &[kind], &told_length].concat();
                let (status, _) = send(&panel, "POST", path, &headers, body.clone()).await;
                assert_eq!(status.as_u16(), told, "{path}, {length} bytes");
            }
        }
        // A file that breaks off is nobody's fault but the sender's.
        for body in [file(1024 * 1024), "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{".to_owned()] {
            let headers = [&site[..], &[parts]].concat();
            let (status, _) = send(&panel, "POST", "/cabinets/1/settings/file", &headers, body).await;
            assert!(status.is_client_error(), "{status}");
        }
    }
}
