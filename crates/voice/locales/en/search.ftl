# The search of the top bar.
search-title = Search
search-pages = Pages
search-all = Show all
search-none = Nothing was found for “{ $q }”
search-empty = What to look for?
search-help = A posting or order number, track number, phone, name, article, setting, page.
