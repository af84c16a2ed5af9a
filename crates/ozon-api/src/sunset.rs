//! The one table of methods that this client can call, so that none of them outlives its method unnoticed.

use crate::methods::{
    ApproveCancellation, CheckNotificationUrl, DeleteNotificationUrl, EnableNotificationUrl, GetPosting,
    GetRoles, GetSellerInfo, ListCancellationRequests, ListDeliveryMethods, ListNotificationUrls,
    ListPostings, ListPushTypes, ListUnfulfilled, ListWarehouses, Method, MoveToDelivered, MoveToDelivering,
    MoveToLastMile, RejectCancellation, SetNotificationUrl, SetTrackingNumbers, UpdateNotificationUrl,
};

/// What a load of postings and a check of a key call. All of them only read.
pub const LOADING: [&str; 7] = [
    ListPostings::PATH,
    ListUnfulfilled::PATH,
    GetPosting::PATH,
    GetRoles::PATH,
    GetSellerInfo::PATH,
    ListWarehouses::PATH,
    ListDeliveryMethods::PATH,
];

/// Every method that can be called, by its path.
pub const METHODS: [&str; 21] = [
    ListPostings::PATH,
    ListUnfulfilled::PATH,
    GetPosting::PATH,
    GetRoles::PATH,
    GetSellerInfo::PATH,
    ListWarehouses::PATH,
    ListDeliveryMethods::PATH,
    SetTrackingNumbers::PATH,
    MoveToDelivering::PATH,
    MoveToLastMile::PATH,
    MoveToDelivered::PATH,
    ListCancellationRequests::PATH,
    ApproveCancellation::PATH,
    RejectCancellation::PATH,
    CheckNotificationUrl::PATH,
    SetNotificationUrl::PATH,
    ListNotificationUrls::PATH,
    EnableNotificationUrl::PATH,
    UpdateNotificationUrl::PATH,
    DeleteNotificationUrl::PATH,
    ListPushTypes::PATH,
];

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use contract::Specification;

    use super::{LOADING, METHODS};

    /// The methods of the table that are unknown or switched off on that day (`YYYY-MM-DD`).
    fn dead<'m>(specification: &Specification, methods: &[&'m str], today: &str) -> Vec<&'m str> {
        methods
            .iter()
            .filter(|method| {
                !specification.has(method)
                    || specification.sunset(method).is_some_and(|day| day.as_str() <= today)
            })
            .copied()
            .collect()
    }

    #[test]
    fn no_method_that_is_called_is_switched_off_today() {
        let Some(specification) = Specification::load() else {
            return;
        };
        let today = Utc::now().format("%Y-%m-%d").to_string();
        assert_eq!(dead(&specification, &METHODS, &today), Vec::<&str>::new());
    }

    #[test]
    fn the_check_knows_dead_methods() {
        let Some(specification) = Specification::load() else {
            return;
        };
        let methods = [
            "/v3/posting/fbs/list",
            "/v2/returns/rfbs/verify",
            "/v9/posting/fbs/list",
            "/v4/posting/fbs/list",
        ];
        assert_eq!(dead(&specification, &methods, "2026-11-23"), methods[..3]);
        assert_eq!(dead(&specification, &methods[..1], "2026-08-30"), Vec::<&str>::new());
    }

    #[test]
    fn every_method_with_a_file_is_in_the_table() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/methods");
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder).expect("the sources are here") {
            let file = entry.expect("the sources are here").path();
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            for line in text.lines().filter(|line| line.contains("const PATH: &'static str =")) {
                paths.extend(line.split('"').nth(1).map(str::to_owned));
            }
        }
        paths.sort();
        let mut table: Vec<String> = METHODS.iter().map(ToString::to_string).collect();
        table.sort();
        assert_eq!(paths, table);
        assert!(LOADING.iter().all(|path| METHODS.contains(path)));
    }
}
