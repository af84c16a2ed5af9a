//! The panel: one module a page, in the order of the site map. `view` has the templates' contexts, `routes` the
//! addresses, `visitor` who is asking, `faults` what is said when it cannot be done.

mod account;
mod audit;
pub(crate) mod barcode;
mod cabinet;
mod cabinets;
mod cookies;
mod customers;
mod days;
mod device;
mod exchange;
pub(crate) mod faults;
mod first_steps;
pub(crate) mod flash;
pub(crate) mod live;
mod mail;
mod messages;
mod named;
mod number_template;
mod order;
pub(crate) mod orders;
mod overview;
mod people;
mod personal_data;
mod postings;
pub(crate) mod preferences;
mod print;
mod pulse;
pub(crate) mod qr;
mod reconciliation;
mod rehearsal;
pub(crate) mod routes;
mod runs;
mod search;
pub(crate) mod seen;
pub(crate) mod set_up;
pub(crate) mod settings;
mod sign_in;
mod statuses;
pub(crate) mod throttle;
mod users;
mod uses;
pub(crate) mod view;
mod visitor;
mod warehouses;
mod wish;
mod words;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::state::AppState;
use routes::{Page, at};
use visitor::Visitor;

/// Every page and act of the panel.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route(at::HOME, get(home))
        .route(at::SEARCH, get(search::show))
        .route(at::FIRST_STEPS, get(first_steps::show).post(first_steps::act))
        .route(at::SIGN_IN, get(sign_in::show).post(sign_in::sign_in))
        .route(at::SIGN_IN_CODE, get(sign_in::code::show).post(sign_in::code::check))
        .route(at::SIGN_OUT, post(sign_in::sign_out))
        .route(at::SET_UP, get(set_up::show).post(set_up::create))
        .route(at::PREFERENCES, post(preferences::keep))
        .route(at::PULSE, get(pulse::show))
        .route(at::LIVE, get(live::stream))
        .route(at::OVERVIEW, get(overview::show))
        .route(at::ORDERS, get(orders::list))
        .route(at::ORDERS_ACT, post(orders::bulk::act))
        .route(at::ORDERS_UNDO, post(orders::bulk::undo))
        .route(at::ORDERS_COLUMNS, post(orders::views::set_columns))
        .route(at::ORDER_VIEWS, post(orders::views::save))
        .route(at::ORDER_VIEW_DELETE, post(orders::views::delete))
        .route(at::ORDERS_ROWS, get(orders::fresh::rows))
        .route(at::ORDERS_NEWS, get(orders::fresh::news))
        .route(at::ORDERS_EXPORT, get(orders::export::download))
        .route(at::PICK_LIST, get(print::pick_list))
        .route(at::ORDER, get(order::show))
        .route(at::ORDER_PRINT, get(print::order))
        .route(at::ORDER_ACT, post(order::act))
        .route(at::ORDER_COMMENT, post(order::comment))
        .route(at::ORDER_COMMENT_DELETE, post(order::delete_comment))
        .route(at::ORDER_DECIDE, post(order::decide))
        .route(
            at::ORDER_ERASE,
            get(personal_data::by_hand::ask_about_order).post(personal_data::by_hand::erase_order),
        )
        .route(at::POSTINGS, get(postings::list))
        .route(at::POSTING, get(postings::show))
        .route(at::POSTING_ORDER, post(postings::create_order))
        .route(at::EXCHANGE, get(exchange::list))
        .route(at::EXCHANGE_ACT, post(exchange::act))
        .route(at::CABINETS, get(cabinets::list))
        .route(at::NEW_CABINET, get(cabinets::form).post(cabinets::add))
        .route(at::CABINET, get(cabinet::show))
        .route(at::CABINET_NAME, post(cabinet::rename))
        .route(at::CABINET_KEY, post(cabinet::new_key))
        .route(at::CABINET_CHECK, post(cabinet::check))
        .route(at::CABINET_DISABLE, post(cabinet::disable))
        .route(at::CABINET_ENABLE, post(cabinet::enable))
        .route(at::CABINET_LOAD, post(cabinet::load))
        .route(at::CABINET_REHEARSE, post(rehearsal::start))
        .route(at::RECONCILIATION, get(reconciliation::show).post(reconciliation::start))
        .route(at::MESSAGES, get(messages::list))
        .route(at::MESSAGES_ACT, post(messages::act))
        .route(at::WAREHOUSES, get(warehouses::show).post(warehouses::save))
        .route(at::WAREHOUSES_READ, post(warehouses::read_from_ozon))
        .route(at::SETTINGS, get(settings::show).post(settings::save))
        .route(at::SETTINGS_EFFECT, get(settings::effect::show).post(settings::effect::apply))
        .route(at::SETTINGS_VERSIONS, get(settings::versions::list).post(settings::versions::restore))
        .route(at::SETTINGS_VERSION, get(settings::versions::show))
        .route(at::SETTINGS_COPY, get(settings::copy::show).post(settings::copy::copy))
        .route(at::SETTINGS_FILE, get(settings::file::show).post(settings::file::import))
        .route(at::SETTINGS_DOWNLOAD, get(settings::file::download))
        .route(at::RUNS, get(runs::list))
        .route(at::PUSH_MESSAGES, get(runs::messages::list))
        .route(at::STATUSES, get(statuses::list).post(statuses::add))
        .route(at::STATUS, post(statuses::change))
        .route(at::STATUS_MOVE, post(statuses::shift))
        .route(at::STATUS_DELETE, post(statuses::delete))
        .route(at::NAMED, get(named::list).post(named::add))
        .route(at::NAMED_RENAME, post(named::rename))
        .route(at::NAMED_DELETE, post(named::delete))
        .route(at::CUSTOMERS, get(customers::list).post(customers::add))
        .route(at::CUSTOMER, get(customers::show).post(customers::change))
        .route(at::CUSTOMER_DELETE, post(customers::delete))
        .route(
            at::CUSTOMER_ERASE,
            get(personal_data::by_hand::ask_about_customer).post(personal_data::by_hand::erase_customer),
        )
        .route(at::NUMBER_TEMPLATE, get(number_template::show).post(number_template::change))
        .route(at::MAIL, get(mail::show).post(mail::save))
        .route(at::MAIL_ACT, post(mail::act))
        .route(at::LETTER, get(mail::letter))
        .route(at::LETTER_HTML, get(mail::letter_html))
        .route(at::PERSONAL_DATA, get(personal_data::show).post(personal_data::save))
        .route(at::USERS, get(users::list).post(users::add))
        .route(at::USER, post(users::change))
        .route(at::TOKENS, post(users::add_token))
        .route(at::TOKEN_DELETE, post(users::delete_token))
        .route(at::AUDIT, get(audit::list))
        .route(at::ACCOUNT, get(account::show))
        .route(at::ACCOUNT_PASSWORD, post(account::password))
        .route(at::ACCOUNT_SESSIONS, post(account::sessions))
        .route(at::SECOND_FACTOR, get(account::second_factor::show).post(account::second_factor::act))
        .fallback(|| async { faults::Fault::NotFound })
}

/// Where the panel begins: with the first steps as long as nothing was ever loaded, then with the orders.
async fn home(visitor: Visitor, State(state): State<AppState>) -> Result<Response, faults::Fault> {
    let page = if first_steps::are_due(&visitor, &state).await? { Page::FirstSteps } else { Page::Orders };
    Ok(Redirect::to(&page.to_string()).into_response())
}

#[cfg(test)]
mod tests;
