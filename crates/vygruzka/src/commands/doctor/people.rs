//! Who can sign in, and how well that is guarded.

use storage::people::User;
use storage::{Role, Store};

use super::{Findings, configuration};
use crate::commands::demo;
use crate::config::Config;
use crate::failure::Failure;

pub(super) async fn look(config: &Config, store: &Store, findings: &mut Findings) -> Result<(), Failure> {
    let mut users = store.users().await?;
    users.retain(|user| user.disabled_at.is_none());
    for told in judge(&users, configuration::is_open(config)) {
        findings.told(told);
    }
    Ok(())
}

fn judge(users: &[User], is_open: bool) -> Vec<Result<String, String>> {
    let mut told = Vec::new();
    let admins: Vec<&User> = users.iter().filter(|user| user.role == Role::Admin).collect();
    if users.is_empty() {
        told.push(Err("nobody can sign in; `vygruzka user add EMAIL --role admin` adds someone".to_owned()));
    } else if admins.is_empty() {
        told.push(Err(
            "there is no administrator; `vygruzka user add EMAIL --role admin` adds one".to_owned()
        ));
    } else {
        told.push(Ok(format!("{} can sign in, {} of them as administrators", users.len(), admins.len())));
    }
    for admin in admins.iter().filter(|_| is_open).filter(|admin| admin.second_factor_since.is_none()) {
        told.push(Err(format!(
            "administrator {} has no second factor, although the panel is open to the network; set it up on the panel's page of the account",
            admin.email
        )));
    }
    if users.iter().any(|user| user.email == demo::EMAIL) {
        told.push(Err(format!(
            "{} is the demonstration's account; disable it and use one of your own",
            demo::EMAIL
        )));
    }
    told
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use domain::UserId;

    use super::*;

    fn user(email: &str, role: Role, has_second_factor: bool) -> User {
        User {
            id: UserId(1),
            email: email.to_owned(),
            role,
            language: "ru".to_owned(),
            created_at: Utc::now(),
            disabled_at: None,
            signed_in_at: None,
            second_factor_since: has_second_factor.then(Utc::now),
        }
    }

    fn problems(users: &[User], is_open: bool) -> Vec<String> {
        judge(users, is_open).into_iter().filter_map(Result::err).collect()
    }

    #[test]
    fn somebody_must_be_able_to_administer() {
        assert!(problems(&[], false)[0].contains("user add"));
        assert!(
            problems(&[user("a@example.com", Role::Viewer, false)], false)[0].contains("no administrator")
        );
        assert!(problems(&[user("a@example.com", Role::Admin, false)], false).is_empty());
    }

    #[test]
    fn administrators_of_an_open_panel_need_a_second_factor_and_others_do_not() {
        let all = [
            user("with@example.com", Role::Admin, true),
            user("without@example.com", Role::Admin, false),
            user("viewer@example.com", Role::Viewer, false),
        ];
        let told = problems(&all, true);
        assert!(told.len() == 1 && told[0].contains("without@example.com"), "{told:?}");
        assert!(problems(&all, false).is_empty());
    }

    #[test]
    fn the_demonstrations_account_is_no_account_for_a_shop() {
        assert!(problems(&[user(demo::EMAIL, Role::Admin, true)], false)[0].contains("demonstration"));
    }
}
