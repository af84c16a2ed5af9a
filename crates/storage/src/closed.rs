//! What keeps a database from looking something up in an index, where another one is to lead.

use sea_orm::sea_query::{CaseStatement, Expr, SimpleExpr};

/// A number, a column or an expression on some, whose indexes are not looked at.
pub(crate) fn number(expression: &str) -> SimpleExpr {
    Expr::cust(format!("(+{expression})"))
}

/// A condition that no index is looked up for. PostgreSQL takes it for as likely as not.
pub(crate) fn condition(asked: SimpleExpr) -> SimpleExpr {
    CaseStatement::new().case(asked, Expr::cust("TRUE")).finally(Expr::cust("FALSE")).into()
}
