# Comparing with Ozon.
reconciliation-title = Comparison with Ozon
reconciliation-lead = Checks that everything at Ozon is here too, with the same status, goods and sum.
reconciliation-since = From date
reconciliation-until = To date
reconciliation-start = Compare
reconciliation-help = Days are counted by when Ozon began to process the order. Every night the last 30 days are compared; you get an e-mail if something differs.
reconciliation-running = Comparing. No need to wait: the outcome stays here.
reconciliation-empty = Nothing has been compared yet
reconciliation-empty-text = The first comparison runs tonight. You can also compare now.
reconciliation-earlier = Earlier comparisons
reconciliation-repair = Repair
reconciliation-repair-help = What differs is loaded from Ozon anew, by the same way in as every order; the orders’ histories show what changed. Nothing is deleted.
reconciled-all = Everything matches
reconciled-left = { $count ->
    [one] { $n } difference
   *[other] { $n } differences
}
reconciled-period = { $since } – { $until }
reconciled-matched = Match
reconciled-missing = Missing here
reconciled-differing = Differ
reconciled-unknown = Not at Ozon
reconciled-repaired = Repaired
column-differs = What differs
finding-repaired = repaired
finding-unknown-help = Look in Ozon’s cabinet.
fault-period = { $count ->
    [one] Name the days in order, at most { $n } day.
   *[other] Name the days in order, at most { $n } days.
}
flash-reconcile-busy = A comparison is running already.
cause-reconciliation = For a comparison
