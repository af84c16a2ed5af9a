# Поиск из верхней строки.
search-title = Поиск
search-asked = «{ $q }»
search-pages = Страницы
search-all-orders = Показать все заказы
search-all-customers = Показать всех покупателей
search-all-settings = Показать все настройки
search-none = По запросу «{ $q }» ничего не найдено
search-empty = Что найти?
search-help = Номер отправления или заказа, трек-номер, телефон, имя, артикул, настройка, страница.
search-found = { $count ->
    [one] Найдено: { $n }
   *[other] Найдено: { $n }
}
search-found-more = { $count ->
    [one] Показано: { $n }, найдено больше
   *[other] Показано: { $n }, найдено больше
}
search-words-number-template = шаблон номера
search-words-warehouses = склад
search-words-messages = push уведомления пуш
search-words-users = токен роли доступ
search-words-account = пароль сеансы двухфакторная
