//! Users of the panel and tokens of programs.

use askama::Template;

use super::lists::ListTab;
use super::{Choice, Frame};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// Users and tokens.
#[derive(Template)]
#[template(path = "users.html")]
pub struct UsersPage {
    /// Roles of a new token.
    pub token_roles: Vec<Choice>,
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Users, and the audit.
    pub tabs: Vec<ListTab>,
    /// Users.
    pub users: Vec<UserRow>,
    /// Tokens.
    pub tokens: Vec<TokenRow>,
    /// Roles to choose from.
    pub roles: Vec<Choice>,
    /// What was typed for a new user.
    pub new_email: String,
    /// What is wrong with it.
    pub new_fault: Option<String>,
    /// A password that was just made: shown this once.
    pub new_password: Option<(String, String)>,
    /// What was typed for a new token.
    pub token_name: String,
    /// What is wrong with it.
    pub token_fault: Option<String>,
    /// A token that was just made: shown this once.
    pub new_token: Option<(String, String)>,
    /// How long a new token may live.
    pub lives: Vec<Choice>,
    /// Roles in words, as the columns of the next table.
    pub columns: Vec<String>,
    /// Who may do what.
    pub may: Vec<MayRow>,
}

/// One thing to do, and which roles may.
pub struct MayRow {
    /// In words.
    pub what: String,
    /// For each role, in the order of the columns.
    pub may: Vec<bool>,
}

/// A user.
pub struct UserRow {
    /// Id.
    pub id: domain::UserId,
    /// E-mail address.
    pub email: String,
    /// Role in words.
    pub role: String,
    /// Roles to choose from.
    pub roles: Vec<Choice>,
    /// Since when.
    pub since: Moment,
    /// Last signed in.
    pub signed_in: Option<Moment>,
    /// A one-time code is asked for.
    pub second_factor: bool,
    /// Has no more access.
    pub disabled: bool,
    /// It is the one who looks.
    pub is_self: bool,
    /// What is wrong with what was asked.
    pub fault: Option<String>,
}

/// A token.
pub struct TokenRow {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Role in words.
    pub role: String,
    /// Since when.
    pub since: Moment,
    /// Last used.
    pub used: Option<Moment>,
    /// Until when; `None` for always.
    pub until: Option<Moment>,
    /// It opens nothing any more.
    pub expired: bool,
    /// It will soon open nothing any more.
    pub ends_soon: bool,
}

#[cfg(test)]
impl UsersPage {
    /// With everything that is shown once.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let roles = |current: &str| {
            ["admin", "manager", "viewer"]
                .map(|r| Choice::new(r, v.t(&format!("role-{r}")), current))
                .to_vec()
        };
        let at = v.when(&v.now);
        let user = |id: i64, email: &str, role: &str| UserRow {
            id: domain::UserId(id),
            email: email.into(),
            role: v.t(&format!("role-{role}")),
            roles: roles(role),
            since: at.clone(),
            signed_in: (id != 2).then(|| at.clone()),
            second_factor: id == 1,
            disabled: id == 3,
            is_self: id == 1,
            fault: (id == 2).then(|| v.t("fault-empty")),
        };
        let page = |once: bool| Self {
            frame: Frame::sample(v, Section::Users),
            v,
            tabs: vec![ListTab { href: Page::Users, label: v.t("users-title"), here: true }],
            users: vec![
                user(1, "olga@example.com", "admin"),
                user(2, "petr@example.com", "manager"),
                user(3, "old@example.com", "viewer"),
            ],
            tokens: if once {
                let token = |id: i64, until: bool| TokenRow {
                    id,
                    name: "Склад".into(),
                    role: v.t("role-viewer"),
                    since: at.clone(),
                    used: None,
                    until: until.then(|| at.clone()),
                    expired: id == 3,
                    ends_soon: id == 2,
                };
                vec![token(1, false), token(2, true), token(3, true), token(4, true)]
            } else {
                Vec::new()
            },
            roles: roles("manager"),
            token_roles: roles("viewer"),
            new_email: String::new(),
            new_fault: once.then(|| v.t("fault-empty")),
            new_password: once.then(|| ("new@example.com".into(), "kfw3-9dkq-22mz".into())),
            token_name: String::new(),
            token_fault: once.then(|| v.t("fault-empty")),
            new_token: once.then(|| ("Склад".into(), "vg_0123456789".into())),
            lives: vec![
                Choice::new("", v.t("token-always"), ""),
                Choice::new(30, v.n("token-days", 30_u64), ""),
            ],
            columns: vec![v.t("role-admin"), v.t("role-manager"), v.t("role-viewer")],
            may: vec![MayRow { what: v.t("may-see"), may: vec![true, true, false] }],
        };
        vec![("users", page(false)), ("users-once", page(true))]
    }
}
