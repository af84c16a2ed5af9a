//! The specification of the API (OpenAPI): generated from the handlers, completed with what is the same for all.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::server::Server;
use utoipa::openapi::{Components, ContentBuilder, InfoBuilder, OpenApi, Ref, RefOr, ResponseBuilder};

use super::problem;

/// The name of the one way to identify oneself.
const TOKEN: &str = "token";

/// Completes what the handlers told: the title, the address, the token, and the problems that every call can answer with.
pub fn complete(api: &mut OpenApi) {
    api.info = InfoBuilder::new()
        .title("Vygruzka REST API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Ozon orders of a shop. Every list answers `items` and `next_cursor` and takes `limit` and `cursor`. Money is \
             decimal text, times are RFC 3339 in UTC. A refused request is told why as `application/problem+json`.",
        ))
        .build();
    api.servers = Some(vec![Server::new("/api/v1")]);
    api.security = Some(vec![SecurityRequirement::new(TOKEN, Vec::<String>::new())]);
    let components = api.components.get_or_insert_with(Components::new);
    components.schemas.extend(problem::schemas());
    refer_to_rows(components);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token made by `vygruzka token add`"))
        .build();
    components.add_security_scheme(TOKEN, SecurityScheme::Http(bearer));
    for (path, item) in &mut api.paths.paths {
        for operation in operations(item) {
            add_problems(operation, path.contains('{'));
        }
    }
}

/// Lets every list refer to the schema of its rows, of which it otherwise holds a copy.
fn refer_to_rows(components: &mut Components) {
    for (name, schema) in &mut components.schemas {
        let Some(row) = name.strip_prefix("Listed_") else { continue };
        if let RefOr::T(Schema::Object(page)) = schema
            && let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
        {
            items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(row).into()));
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let verbs = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    verbs.into_iter().filter_map(Option::as_mut)
}

/// The problems that a call can answer with, besides those that its handler tells of.
fn add_problems(operation: &mut Operation, names_something: bool) {
    let mut problems = vec![
        ("400", "The address or the body cannot be read"),
        ("401", "A valid bearer token is needed"),
        ("403", "The token's role may not do this"),
    ];
    if names_something {
        problems.push(("404", "There is no such thing"));
    }
    if operation.request_body.is_some() {
        problems.push(("413", "The body is larger than 1 MB"));
        problems.push(("415", "The body must be JSON"));
        problems
            .push(("422", "The body does not hold what is asked for; `errors` names the keys where it can"));
    }
    problems.push(("default", "Any other problem"));
    let responses = &mut operation.responses.responses;
    for (status, description) in problems {
        let told = ResponseBuilder::new().description(description).build();
        responses.entry(status.to_owned()).or_insert_with(|| told.into());
    }
    for (status, response) in responses {
        if let RefOr::T(response) = response
            && (status == "default" || status.starts_with(['4', '5']))
        {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            response.content.insert(problem::MEDIA_TYPE.to_owned(), content.into());
        }
    }
}
