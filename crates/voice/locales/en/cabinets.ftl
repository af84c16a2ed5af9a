# Cabinets, loads, journal, postings without an order.
cabinets-title = Cabinets
cabinets-empty = No cabinets yet
cabinets-empty-text = A cabinet is a Client-Id and an Api-Key of Ozon Seller. Postings and orders are loaded from it.
cabinet-add = Add a cabinet
cabinet-new-title = New cabinet
cabinet-new-where = You create the Client-Id and the Api-Key in Ozon: Settings → Seller API. The key needs the role “Posting FBS” or “Admin”.
cabinet-new-open = Open at Ozon
cabinet-name-help = Any name you will recognise.
cabinet-key-help = Kept encrypted and never shown again.
cabinet-api-url = API address
cabinet-add-and-check = Add and check the key
cabinet-last-load = Last load
cabinet-key = Key
cabinet-settings = Order settings
cabinet-rename = Rename
cabinet-disable = Disable the cabinet
cabinet-disable-text = New orders and statuses of this cabinet are no longer loaded. Loaded orders stay.
cabinet-disable-act = Disable
cabinet-enable = Enable the cabinet
cabinet-runs = Last loads
cabinet-all-runs = All loads of this cabinet
cabinet-state-ok = Working, orders load by schedule
cabinet-state-new = Not loaded yet
cabinet-state-busy = A load is running
cabinet-state-off = Disabled
cabinet-state-off-advice = No orders are loaded. Enable the cabinet to go on.
cabinet-state-manual = Loads by hand only
cabinet-state-manual-advice = The schedule is off in the order settings.
key-title = Ozon key
key-life = Validity
key-days-left = { $count ->
    [one] valid for { $n } more day
   *[other] valid for { $n } more days
}
key-expired = expired
key-life-unknown = Ozon has not told
key-set-at = Key saved
key-checked-at = Checked
key-company = Seller
key-roles = Roles
key-missing = The key lacks a role for these methods:
key-missing-advice = Create a key with the role “Posting FBS” or “Admin” at Ozon.
key-check = Check the key
key-new = New key
key-new-help = The old key is replaced.
key-save-and-check = Save and check
schedule-title = Schedule
schedule-when = How often
schedule-next = Next load
schedule-off = by hand only
schedule-change = Change the schedule
cabinet-word = Cabinet
schedule-minutes = { $count ->
    [one] every minute
   *[other] every { $n } minutes
}
schedule-hours = { $count ->
    [one] every hour
   *[other] every { $n } hours
}
schedule-days = { $count ->
    [one] every day
   *[other] every { $n } days
}
schedule-at = { $every } at { $time }
load-title = Loading orders
load-now = Load now
load-never = Nothing has been loaded yet.
load-starting = Starting
load-pages = { $count ->
    [one] { $n } page
   *[other] { $n } pages
}
rehearsal-title = What a load would bring
rehearsal-help = We read the postings at Ozon and show how many become orders, and of which days. Nothing is saved.
rehearsal-start = See what would be loaded
rehearsal-again = Look again
rehearsal-running = Reading postings
rehearsal-done = A load would bring
rehearsal-kept = Nothing has been loaded yet. From which date to load, and which statuses to take:
rehearsal-updated = Changed

runs-title = Journal
runs-empty = No loads yet
runs-empty-text = Every load will be here: how many postings came, what was made of them, what failed.
run-running = Running
run-done = Loaded
run-failed = Failed
run-interrupted = Interrupted
cause-schedule = On schedule
cause-panel = By hand
cause-rest = Over REST
cause-command = From the command line
cause-push = On a notification
column-started = Start
column-cause = Cause
column-state = Result
column-took = Took
figure-seen = Received
figure-created = Created
figure-updated = Changed
figure-unchanged = Unchanged
figure-skipped = No order
figure-failed = Quarantine
figure-pages = Pages
trace-id = Ozon request id:

postings-title = Postings without an order
postings-lead = Postings that made no order, and why.
postings-number = Posting number
postings-archive = Show the archive
postings-empty = There are none
postings-empty-text = Every loaded posting became an order.
postings-empty-filter = Nothing found
column-posting = Posting
column-reason = Why there is no order
column-in-process = Taken into processing
create-order = Create order
create-order-anyway = Create order anyway
posting-has-order = This posting became the order
column-first-seen = First seen
posting-read-at = Loaded from Ozon
posting-goods = Goods
posting-total = Grand total
posting-answer = Ozon’s answer
posting-undecodable = Ozon’s answer could not be read; it is kept as it came.
skip-also-awaiting-deliver-off = First seen in the status “Awaiting shipping”, which a setting leaves out:
skip-first-seen-too-late = First seen after shipping or cancellation
skip-unknown-status = Ozon’s status is unknown
skip-older-than-load-from = Older than the date in the setting:
skip-archive = Archive: closed and older than the date in the setting:
skip-part-of-posting = A part of a posting that already has an order, left out by the setting:
skip-undecodable = Quarantine: Ozon’s answer could not be read
skip-none = No reason was noted
