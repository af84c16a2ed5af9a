# The search of the top bar.
search-title = Search
search-asked = “{ $q }”
search-pages = Pages
search-all-orders = Show all orders
search-all-customers = Show all customers
search-all-settings = Show all settings
search-none = Nothing was found for “{ $q }”
search-empty = What to look for?
search-help = A posting or order number, track number, phone, name, article, setting, page.
search-found = { $count ->
    [one] { $n } hit
   *[other] { $n } hits
}
search-found-more = { $count ->
    [one] { $n } hit shown, there are more
   *[other] { $n } hits shown, there are more
}
search-words-number-template = number template
search-words-warehouses = warehouse
search-words-messages = push notifications messages
search-words-users = token roles access
search-words-account = password sessions second factor
