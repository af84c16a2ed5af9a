# Letters to the shop's administrator.
letter-to-panel = Open in the panel
letter-signature = This letter was sent by Vygruzka. Where letters go, and which, is set in the mail settings and those of the cabinet.
letter-order = Order
letter-goods = Goods
letter-sum = Sum
letter-ship-by = Ship by
letter-day = Day
letter-orders = Orders
letter-before = Before, at Ozon
letter-after = Now, at Ozon
letter-shop-status = Order status
letter-status-stays = unchanged
letter-new-orders = { $count ->
    [one] { $n } new order
   *[other] { $n } new orders
}
letter-first-load = The cabinet was loaded for the first time. Orders by day:
letter-back-fill = The settings changed, and postings loaded before became orders. Orders by day:
letter-more = { $count ->
    [one] and { $n } more
   *[other] and { $n } more
}
letter-status-changes = { $count ->
    [one] { $n } order changed its status
   *[other] { $n } orders changed their status
}
letter-cancelled-in-work = Cancelled at Ozon, do not send: order { $number }
letter-cancelled-shipped = Cancelled at Ozon, a return is expected: order { $number }
letter-cancelled = { $count ->
    [one] { $n } order cancelled at Ozon
   *[other] { $n } orders cancelled at Ozon
}
letter-what-now = What to do
letter-do-not-send = do not send
letter-expect-return = expect a return
letter-cancelled-why = Cancellation
letter-details = Details: { $error }
letter-key-fails-title = The key does not work — { $cabinet }
letter-key-expires-title = { $count ->
    [one] The key ends in { $n } day
   *[other] The key ends in { $n } days
}
letter-key-expires-when = The key works until { $time }.
letter-key-expires-advice = Make a new key in Ozon’s cabinet and enter it on the cabinet’s page of the panel. While the old one works nothing stops.
letter-loads-fail-title = Orders are not loaded — { $cabinet }
letter-loads-fail-since = Not loaded since { $time }.
letter-loads-fail-advice = Nothing is lost: the next load reads the same. When one succeeds, another letter will come.
letter-loads-well-title = Orders are loaded again — { $cabinet }
letter-loads-well-times = It failed from { $since } to { $until }. All that changed meanwhile is loaded.
letter-trial-title = Trial letter
letter-trial-text = Mail is set up: letters arrive.

letter-kind-new-orders = Letter: new orders
letter-kind-status-changes = Letter: statuses changed at Ozon
letter-kind-cancelled-in-work = Letter: cancelled at Ozon
letter-kind-key-fails = Letter: the key does not work
letter-kind-key-expires = Letter: the key ends soon
letter-kind-loads-fail = Letter: orders are not loaded
letter-kind-loads-well-again = Letter: orders are loaded again
letter-kind-trial = Trial letter

post-mail-not-set-up = Mail is not set up
post-advice-mail-not-set-up = Fill in the mail settings: the letter then goes by itself.
post-mail-unreachable = The mail server does not answer
post-advice-mail-unreachable = Check the server and the port in the mail settings; we try again by ourselves.
post-mail-tls = The connection to the mail server could not be protected
post-advice-mail-tls = Check the port and the protection: usually 465 is TLS, 587 is STARTTLS.
post-mail-login = The mail server refused the login or the password
post-advice-mail-login = Check them in the mail settings; many providers want a separate password for applications.
post-mail-sender = The server does not send letters from this address
post-advice-mail-sender = Put an address into “From” that the server lets you use.
post-mail-recipients = The server took none of the recipients
post-advice-mail-recipients = Check the administrator’s addresses in the mail settings.
post-mail-rejected = The server refused the letter
post-advice-mail-rejected = Its answer says why; then press “Retry”.
post-mail-later = The server asks to try later
post-advice-mail-later = Nothing to do: we try again by ourselves.
post-mail-broken = The connection to the mail server broke
post-advice-mail-broken = Nothing to do: we try again by ourselves.
post-mail-unanswered = The server did not say whether it took the letter
post-advice-mail-unanswered = Look whether it has arrived: we send it five times at most. If it has not, press “Retry”.
trial-advice-mail-unreachable = Check the server and the port.
trial-advice-mail-rejected = Why is in the server’s answer.
trial-advice-mail-later = Send the trial letter again in some minutes.
trial-advice-mail-broken = Send the trial letter again in some minutes.
trial-advice-mail-unanswered = Look whether it has arrived.

letter-kind-reconciled = Letter: a comparison found differences
letter-posting = Posting
letter-differs = What differs
letter-reconciled = { $count ->
    [one] Comparison: { $n } difference
   *[other] Comparison: { $n } differences
}
letter-reconciled-period = Orders at Ozon from { $since } to { $until } were compared with what the shop has.
letter-reconciled-advice = Open the comparison in the panel and press “Repair”: the data is loaded from Ozon anew.
letter-reconciled-unknown = The shop has these postings, and Ozon does not show them any more. Check them in Ozon’s seller account: there is nothing to load.
difference-missing = at Ozon, not here
difference-unknown = here, not in Ozon’s list
difference-unreadable = received, but not readable
difference-status = status: here “{ $here }”, at Ozon “{ $there }”
difference-lines = goods: here { $here }, at Ozon { $there }
difference-no-lines = nothing
difference-sum = sum: here { $here }, at Ozon { $there }
