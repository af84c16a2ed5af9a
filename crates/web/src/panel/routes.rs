//! Every address of the panel, once: as a pattern for the router and as a value for links.

use std::fmt;

use domain::{CabinetId, CustomerId, OrderId, StatusId, UserId};
use serde::{Deserialize, Serialize};

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident $pattern_name:ident $(($($kind:ty),+))? = $pattern:literal;)*) => {
        /// A page or an act of the panel.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Page { $($(#[$doc])* $name $(($($kind),+))?,)* }

        /// The patterns, for the router.
        pub mod at {
            $($(#[$doc])* pub const $pattern_name: &str = $pattern;)*
            #[cfg(any(test, fuzzing))]
            pub const ALL: &[&str] = &[$($pattern),*];
        }

        impl fmt::Display for Page {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(pages!(@bind $name value $(($($kind),+))?) => pages!(@write f $pattern value $(($($kind),+))?),)* }
            }
        }
    };
    (@bind $name:ident $value:ident) => { Self::$name };
    (@bind $name:ident $value:ident ($one:ty)) => { Self::$name($value) };
    (@write $f:ident $pattern:literal $value:ident) => { $f.write_str($pattern) };
    (@write $f:ident $pattern:literal $value:ident ($one:ty)) => { write_filled($f, $pattern, $value) };
}

/// Writes a pattern with each `{part}` replaced; the values are ids and words of our own, or are encoded before. A value
/// for several parts has `/` between them.
fn write_filled(f: &mut fmt::Formatter<'_>, pattern: &str, value: &impl fmt::Display) -> fmt::Result {
    let value = value.to_string();
    let mut values = value.splitn(pattern.matches('{').count(), '/');
    let mut rest = pattern;
    while let (Some(open), Some(close)) = (rest.find('{'), rest.find('}')) {
        write!(f, "{}{}", &rest[..open], values.next().unwrap_or_default())?;
        rest = &rest[close + 1..];
    }
    f.write_str(rest)
}

pages! {
    /// Home: the first steps, and the orders once there are any.
    Home HOME = "/";
    /// The search of the top bar.
    Search SEARCH = "/search";
    /// What an installation needs until orders come by themselves.
    FirstSteps FIRST_STEPS = "/first-steps";
    /// Sign-in.
    SignIn SIGN_IN = "/sign-in";
    /// The second step of a sign-in: a one-time code.
    SignInCode SIGN_IN_CODE = "/sign-in/code";
    /// Sign-out.
    SignOut SIGN_OUT = "/sign-out";
    /// The first administrator, by a one-time link.
    SetUp SET_UP(String) = "/setup/{token}";
    /// Language, theme and rail.
    Preferences PREFERENCES = "/preferences";
    /// The state of loading at the top of every page.
    Pulse PULSE = "/pulse";
    /// What changes while a page stands open.
    Live LIVE = "/live";

    /// Whether everything is in step, and what must leave today.
    Overview OVERVIEW = "/overview";
    /// Orders.
    Orders ORDERS = "/orders";
    /// An act on several orders.
    OrdersAct ORDERS_ACT = "/orders/act";
    /// Undo an act on several orders.
    OrdersUndo ORDERS_UNDO = "/orders/undo";
    /// Choose the columns of the list.
    OrdersColumns ORDERS_COLUMNS = "/orders/columns";
    /// Save what the list shows under a name.
    OrderViews ORDER_VIEWS = "/orders/views";
    /// Delete such a view.
    OrderViewDelete ORDER_VIEW_DELETE = "/orders/views/delete";
    /// Rows of the list, read again.
    OrdersRows ORDERS_ROWS = "/orders/rows";
    /// What a list that stands open does not show yet.
    OrdersNews ORDERS_NEWS = "/orders/news";
    /// Orders as a file.
    OrdersExport ORDERS_EXPORT = "/orders/export";
    /// What to take from the shelves for orders.
    PickList PICK_LIST = "/orders/pick-list";
    /// An order.
    Order ORDER(OrderId) = "/orders/{id}";
    /// An order on paper.
    OrderPrint ORDER_PRINT(OrderId) = "/orders/{id}/print";
    /// An act on an order.
    OrderAct ORDER_ACT(OrderId) = "/orders/{id}/act";

    /// A comment under an order.
    OrderComment ORDER_COMMENT(OrderId) = "/orders/{id}/comments";
    /// Take a comment back.
    OrderCommentDelete ORDER_COMMENT_DELETE(OrderId) = "/orders/{id}/comments/delete";
    /// Erase what it tells of persons.
    OrderErase ORDER_ERASE(OrderId) = "/orders/{id}/erase";

    /// The answer to a customer's request to cancel.
    OrderDecide ORDER_DECIDE(OrderId) = "/orders/{id}/decide";

    /// Postings without an order.
    Postings POSTINGS = "/postings";
    /// One stored posting as Ozon sent it.
    Posting POSTING(i64) = "/postings/{id}";
    /// Make an order of it.
    PostingOrder POSTING_ORDER(i64) = "/postings/{id}/order";

    /// What was told to Ozon, and what waits.
    Exchange EXCHANGE = "/exchange";
    /// Try again, or take back.
    ExchangeAct EXCHANGE_ACT(i64) = "/exchange/{id}/act";

    /// Cabinets.
    Cabinets CABINETS = "/cabinets";
    /// Add a cabinet.
    NewCabinet NEW_CABINET = "/cabinets/new";
    /// A cabinet.
    Cabinet CABINET(CabinetId) = "/cabinets/{id}";
    /// Its name.
    CabinetName CABINET_NAME(CabinetId) = "/cabinets/{id}/name";
    /// A new key.
    CabinetKey CABINET_KEY(CabinetId) = "/cabinets/{id}/key";
    /// Check the key.
    CabinetCheck CABINET_CHECK(CabinetId) = "/cabinets/{id}/check";
    /// No more loading.
    CabinetDisable CABINET_DISABLE(CabinetId) = "/cabinets/{id}/disable";
    /// Loading again.
    CabinetEnable CABINET_ENABLE(CabinetId) = "/cabinets/{id}/enable";
    /// Load now.
    CabinetLoad CABINET_LOAD(CabinetId) = "/cabinets/{id}/load";
    /// What a load would bring.
    CabinetRehearse CABINET_REHEARSE(CabinetId) = "/cabinets/{id}/rehearse";
    /// What Ozon lists beside what the store has.
    Reconciliation RECONCILIATION(CabinetId) = "/cabinets/{id}/reconciliation";
    /// Ozon's push messages: where they are to come to, and the last ones.
    Messages MESSAGES(CabinetId) = "/cabinets/{id}/messages";
    /// Check, register, remove or renew the address for them.
    MessagesAct MESSAGES_ACT(CabinetId) = "/cabinets/{id}/messages/act";
    /// Warehouses and delivery methods, with what their orders get.
    Warehouses WAREHOUSES(CabinetId) = "/cabinets/{id}/warehouses";
    /// Read them from Ozon.
    WarehousesRead WAREHOUSES_READ(CabinetId) = "/cabinets/{id}/warehouses/read";
    /// Order settings.
    Settings SETTINGS(CabinetId) = "/cabinets/{id}/settings";
    /// What settings that were saved would do to what is stored already.
    SettingsEffect SETTINGS_EFFECT(CabinetId) = "/cabinets/{id}/settings/effect";
    /// Every version of them; and back to one.
    SettingsVersions SETTINGS_VERSIONS(CabinetId) = "/cabinets/{id}/settings/versions";
    /// One version.
    SettingsVersion SETTINGS_VERSION(VersionPath) = "/cabinets/{id}/settings/versions/{number}";
    /// The same settings for other cabinets.
    SettingsCopy SETTINGS_COPY(CabinetId) = "/cabinets/{id}/settings/copy";
    /// The settings as a file.
    SettingsFile SETTINGS_FILE(CabinetId) = "/cabinets/{id}/settings/file";
    /// The file itself.
    SettingsDownload SETTINGS_DOWNLOAD(CabinetId) = "/cabinets/{id}/settings/file/download";

    /// The journal: every load.
    Runs RUNS = "/runs";
    /// The journal: every push message of Ozon's.
    PushMessages PUSH_MESSAGES = "/runs/messages";

    /// Statuses.
    Statuses STATUSES = "/lists/statuses";
    /// Change a status.
    Status STATUS(StatusId) = "/lists/statuses/{id}";
    /// Move a status by one place.
    StatusMove STATUS_MOVE(StatusId) = "/lists/statuses/{id}/move";
    /// Delete a status.
    StatusDelete STATUS_DELETE(StatusId) = "/lists/statuses/{id}/delete";
    /// Sources, delivery or payment methods.
    Named NAMED(NamedPath) = "/lists/named/{list}";
    /// Rename one.
    NamedRename NAMED_RENAME(NamedPath) = "/lists/named/{list}/rename";
    /// Delete one.
    NamedDelete NAMED_DELETE(NamedPath) = "/lists/named/{list}/delete";
    /// Customers.
    Customers CUSTOMERS = "/lists/customers";
    /// A customer.
    Customer CUSTOMER(CustomerId) = "/lists/customers/{id}";
    /// Delete a customer.
    CustomerDelete CUSTOMER_DELETE(CustomerId) = "/lists/customers/{id}/delete";
    /// Erase what is known of the person.
    CustomerErase CUSTOMER_ERASE(CustomerId) = "/lists/customers/{id}/erase";
    /// The template of order numbers.
    NumberTemplate NUMBER_TEMPLATE = "/lists/number-template";

    /// How letters are sent.
    Mail MAIL = "/mail";
    /// A trial letter, or no letters any more.
    MailAct MAIL_ACT = "/mail/act";
    /// A letter as it would arrive.
    Letter LETTER(i64) = "/mail/letters/{number}";
    /// Its HTML alone.
    LetterHtml LETTER_HTML(i64) = "/mail/letters/{number}/html";

    /// The rule by which personal data goes.
    PersonalData PERSONAL_DATA = "/personal-data";

    /// Users and tokens.
    Users USERS = "/users";
    /// A user's role or password, or no more access.
    User USER(UserId) = "/users/{id}";
    /// Add a token.
    Tokens TOKENS = "/users/tokens";
    /// Delete a token.
    TokenDelete TOKEN_DELETE(i64) = "/users/tokens/{id}/delete";
    /// Who did what.
    Audit AUDIT = "/audit";

    /// One's own account.
    Account ACCOUNT = "/account";
    /// Another password of one's own.
    AccountPassword ACCOUNT_PASSWORD = "/account/password";
    /// End sessions of one's own.
    AccountSessions ACCOUNT_SESSIONS = "/account/sessions";
    /// Set up a second factor, confirm it, switch it off, or get other recovery codes.
    SecondFactor SECOND_FACTOR = "/account/second-factor";
}

/// The lists that are names only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, Deserialize)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum NamedPath {
    /// Order sources.
    Sources,
    /// Delivery methods.
    DeliveryMethods,
    /// Payment methods.
    PaymentMethods,
}

/// A version of a cabinet's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct VersionPath {
    /// The cabinet.
    pub id: CabinetId,
    /// The version's number.
    pub number: u32,
}

impl fmt::Display for VersionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.id, self.number)
    }
}

impl Page {
    /// The address with a query.
    pub fn with(&self, query: impl Serialize) -> String {
        match serde_urlencoded::to_string(query) {
            Ok(query) if !query.is_empty() => format!("{self}?{query}"),
            _ => self.to_string(),
        }
    }

    /// The address with a place on the page.
    pub fn place(&self, id: &str) -> String {
        format!("{self}#{id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_writes_its_own_address() {
        assert_eq!(Page::Orders.to_string(), "/orders");
        assert_eq!(Page::OrderAct(OrderId(7)).to_string(), "/orders/7/act");
        assert_eq!(Page::Named(NamedPath::DeliveryMethods).to_string(), "/lists/named/delivery-methods");
        let version = VersionPath { id: CabinetId(3), number: 12 };
        assert_eq!(Page::SettingsVersion(version).to_string(), "/cabinets/3/settings/versions/12");
        assert_eq!(Page::SetUp("a/b".into()).to_string(), "/setup/a/b");
        assert_eq!(Page::Orders.with([("q", "Ёж & Ко")]), "/orders?q=%D0%81%D0%B6+%26+%D0%9A%D0%BE");
    }

    #[test]
    fn no_two_pages_share_an_address() {
        let mut all: Vec<_> = at::ALL.to_vec();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
