# Cabinets, loads, journal, postings without an order.
cabinets-title = Cabinets
cabinets-empty = No cabinets yet
cabinets-empty-text = A cabinet is a Client-Id and an Api-Key of Ozon Seller. Postings and orders are loaded from it.
cabinet-add = Add a cabinet
cabinet-new-title = New cabinet
cabinet-new-where = Client-Id and Api-Key are made in the Ozon cabinet: Settings → API keys. The role “Posting FBS” or “Admin” is needed.
cabinet-name-help = Any name that tells you which it is.
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
cabinet-state-ok = Orders are loading
cabinet-state-new = Not loaded yet
cabinet-state-busy = A load is running
cabinet-state-off = Disabled
cabinet-state-off-advice = No orders are loaded. Enable the cabinet to go on.
cabinet-state-manual = Loads by hand only
cabinet-state-manual-advice = The schedule is off in the order settings.
key-title = Ozon key
key-life = Life of the key
key-days-left = { $count ->
    [one] { $n } more day
   *[other] { $n } more days
}
key-expired = expired
key-life-unknown = Ozon has not told
key-set-at = Key saved
key-checked-at = Checked
key-company = Seller
key-roles = Roles
key-missing = The key lacks a role for these methods:
key-missing-advice = Make a key with the role “Posting FBS” or “Admin” in the Ozon cabinet.
key-check = Check the key
key-new = New key
key-new-help = The old key is replaced.
key-save-and-check = Save and check
schedule-title = Schedule
schedule-when = Loads
schedule-next = Next load
schedule-off = by hand only
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
load-never = Nothing was loaded yet.
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

runs-title = Journal of loads
runs-empty = No loads yet
runs-empty-text = Every load will be here: how many postings came, what was made of them, what failed.
run-running = Running
run-done = Loaded
run-failed = Failed
run-interrupted = Interrupted
cause-schedule = Schedule
cause-panel = By hand
cause-rest = REST
cause-command = Command
cause-push = Ozon's messages
column-started = Start
column-cause = Cause
column-state = Result
column-took = Time
figure-seen = Seen
figure-created = Created
figure-updated = Changed
figure-unchanged = Unchanged
figure-skipped = No order
figure-failed = Quarantine
figure-pages = Pages
trace-id = Ozon request id:

postings-title = Postings without an order
postings-lead = Everything that Ozon showed and that made no order, with the reason.
postings-number = Posting number
postings-archive = with the archive
postings-empty = There are none
postings-empty-text = Every loaded posting became an order.
postings-empty-filter = Nothing found
column-posting = Posting
column-reason = Why there is no order
column-in-process = In process since
create-order = Create order
posting-has-order = This posting became the order
posting-first-seen = First seen
posting-read-at = Read at Ozon
posting-undecodable = Ozon's answer could not be read; it is kept as it came.
skip-also-awaiting-deliver-off = Seen only after packing, and that is off in the setting
skip-first-seen-too-late = Seen in a status in which no order begins
skip-unknown-status = Ozon's status is unknown
skip-older-than-load-from = Older than the date in the setting
skip-archive = Archive: closed and older than the date in the setting
skip-part-of-posting = A part of a posting that already has an order
skip-undecodable = Quarantine: Ozon's answer could not be read
skip-none = No reason was noted
