//! Who may do what, in one table. Owns no sessions and no tokens: those are the store's; this only judges a role.

pub use storage::people::Role;

/// Something that a person or a program may want to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Act {
    /// See orders, postings, cabinets, lists and runs, without personal data.
    See,
    /// See names, phones and addresses of customers and recipients, and Ozon's raw answers, which hold them.
    SeePersons,
    /// Change what the operator owns of an order: status, payment, manager, track number, customer, methods, comments.
    ChangeOrders,
    /// Take back what others wrote under an order, at any time.
    DeleteComments,
    /// Turn a skipped posting into an order.
    CreateOrder,
    /// Start a load, or check a cabinet's key.
    Load,
    /// Add and change customers.
    ChangeCustomers,
    /// Add and change cabinets and their keys.
    ChangeCabinets,
    /// Change a cabinet's order settings.
    ChangeSettings,
    /// Add, rename and delete statuses, sources, methods; change the number template.
    ChangeLists,
    /// Add and change users and REST tokens.
    ChangeUsers,
    /// See and change how letters are sent, and send a trial letter.
    ChangeMail,
    /// Erase the personal data of an order or a customer, and set the rule by which it goes.
    ErasePersons,
    /// See who did what to the installation.
    SeeAudit,
}

/// Whether a role may do it.
pub fn may(role: Role, act: Act) -> bool {
    match act {
        Act::See => true,
        Act::SeePersons | Act::ChangeOrders | Act::CreateOrder | Act::Load | Act::ChangeCustomers => {
            matches!(role, Role::Manager | Role::Admin)
        }
        Act::ChangeCabinets
        | Act::ChangeSettings
        | Act::ChangeLists
        | Act::ChangeUsers
        | Act::ChangeMail
        | Act::DeleteComments
        | Act::ErasePersons
        | Act::SeeAudit => matches!(role, Role::Admin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn a_viewer_may_only_look_and_sees_no_persons() {
        let allowed: Vec<Act> = Act::iter().filter(|act| may(Role::Viewer, *act)).collect();
        assert_eq!(allowed, [Act::See]);
    }

    #[test]
    fn a_manager_works_orders_but_changes_nothing_of_the_installation() {
        assert!(may(Role::Manager, Act::ChangeOrders) && may(Role::Manager, Act::SeePersons));
        assert!(!may(Role::Manager, Act::ChangeSettings) && !may(Role::Manager, Act::ChangeUsers));
    }

    #[test]
    fn an_administrator_may_do_everything() {
        assert!(Act::iter().all(|act| may(Role::Admin, act)));
    }
}
