# A page that stands open learns what changed.
live-new = New: {"{n}"} — show
live-changed = changed
live-order-changed = The order changed — refresh
live-full = Too many tabs are open: this one does not learn of changes by itself.
