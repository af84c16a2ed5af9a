# Orders: tabs, views, columns and acts on several orders.
work-new = New
work-assemble = Pack today
work-assemble-title = Not packed yet: to ship by the end of the day, the overdue included
work-overdue = Overdue
work-risk = Urgent
work-risk-title = { $count ->
    [one] Less than { $n } hour left until shipping
   *[other] Less than { $n } hours left until shipping
}
work-refused = Not sent to Ozon
work-cancelled = Cancelled
column-warehouse = Warehouse
column-track-number = Track number
filter-any-scheme = Scheme: any
filter-any-warehouse = All warehouses
filter-express = Express only
views-title = Views
view-new = Save what is on the screen
view-name-example = For example, Express today
view-for-all = Show it to everyone
view-save = Save the view
view-help = A view is a filter, a tab and an order under a name. The page’s address is the link to it.
view-shared = Everyone sees it
view-delete = Delete the view “{ $name }”
columns-title = Columns
columns-legend = What to show, and in which order
column-up = Move “{ $name }” up
column-down = Move “{ $name }” down
risk-hours = “Urgent”: less than so many hours left
bulk-paid = Paid
bulk-unpaid = Not paid
bulk-title-status = Move to “{ $status }”
bulk-title-paid = Mark as paid
bulk-title-unpaid = Take the mark of payment away
bulk-changed = { $count ->
    [one] { $n } order changes.
   *[other] { $n } orders change.
}
bulk-unchanged = { $count ->
    [one] { $n } is so already.
   *[other] { $n } are so already.
}
bulk-told = Ozon will be told
bulk-not-told = Ozon will not be told
bulk-not-told-help = The orders themselves change; the reason stays in the history of each.
bulk-do-it = Change and tell Ozon
bulk-do-not = Leave them
undo = Undo
flash-undone = { $count ->
    [one] { $n } order is as before.
   *[other] { $n } orders are as before.
}
flash-undone-in-part = { $count ->
    [one] { $n } order stays changed: Ozon was told of it, or somebody has changed it since.
   *[other] { $n } orders stay changed: Ozon was told of them, or somebody has changed them since.
}
flash-undo-over = It is too late to undo: more than 15 minutes have passed, or it was undone before.
flash-view-needs-name = Give the view a name to save it.
flash-too-many-views = 50 views are saved, there is no room for more. Delete one.
bulk-manager = Manager
bulk-assign = Assign
column-manager = Manager
