//! The short form of the trial: two days over the change of daylight, with servers killed and the database falling.

use chaos::Plan;

#[ignore = "takes two minutes and the cores that other tests want: ./test runs it alone"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_days_of_kills_and_faults_lose_and_double_nothing() {
    let plan = Plan::short(1);
    let report = chaos::run(&plan).await;
    println!("{report}");
    assert!(report.is_well(), "{report}");
    assert_eq!(report.kills, plan.kills);
    assert_eq!(report.daylight_changes, 1, "the clock went over the change of daylight");
    assert!(report.falls > 0 && report.midnights > 0, "{report}");
    for figure in ["orders", "acts answered with success", "changes that Ozon took", "letters that arrived"] {
        assert!(report.figures.get(figure).is_some_and(|many| *many > 0), "no {figure}: {report}");
    }
}
