# Поиск из верхней строки.
search-title = Поиск
search-asked = «{ $q }»
search-pages = Страницы
search-all = Показать все
search-none = По запросу «{ $q }» ничего не найдено
search-empty = Что найти?
search-help = Номер отправления или заказа, трек-номер, телефон, имя, артикул, настройка, страница.
search-found = { $count ->
    [one] Найдено: { $n }
   *[other] Найдено: { $n }
}
search-words-number-template = шаблон номера
search-words-warehouses = склад
search-words-messages = push уведомления пуш
search-words-users = токен роли доступ
search-words-account = пароль сеансы двухфакторная
