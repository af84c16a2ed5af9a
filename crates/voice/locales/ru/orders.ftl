# Заказы: список.
orders-title = Заказы
orders-tabs = Статусы заказов
tab-all = Все
order-word = Заказ
posting-word = Отправление
orders-empty-no-cabinet = Заказов пока нет
orders-empty-no-cabinet-text = Добавьте кабинет Ozon, и его заказы будут появляться здесь.
orders-empty = Заказов пока нет
orders-empty-text = Они появятся после первой загрузки. Отправления, из которых заказ не создан, лежат отдельно.
orders-empty-act = Загрузить заказы
orders-empty-filter = Ничего не найдено
orders-empty-filter-text = Измените условия или снимите фильтр.
column-number = Номер
column-status = Статус
column-ozon-status = Статус в Ozon
column-customer = Покупатель
column-goods = Состав
column-total = Сумма
column-paid = Оплата
column-ship-by = Отгрузить до
column-date = Дата
column-scheme = Схема
column-cabinet = Кабинет
column-source = Источник
column-act = Действие
column-origin = Источник
column-orders = Заказов
filter-search = Поиск:
filter-any-cabinet = Все кабинеты
filter-any-source = Все источники
filter-any-paid = Оплата: любая
filter-any-ozon-status = Любой статус в Ozon
filter-any-ship-by = Срок: любой
filter-any-reason = Любая причина
filter-paid = Оплачен
filter-unpaid = Не оплачен
filter-ship-by-overdue = Просрочены
filter-ship-by-today = Отгрузить сегодня
filter-ship-by-tomorrow = До конца завтра
filter-more = Фильтры
filter-from = с
filter-to = по
filter-clear = Снять фильтр
filter-apply = Применить
filter-bad-date = Укажите даты как ГГГГ-ММ-ДД, первая не позже второй.
sort-label = Порядок
sort-date-desc = Сначала новые
sort-date-asc = Сначала старые
sort-ship-by = Срочные сверху
sort-ship-by-desc = Срочные внизу
sort-total-desc = Дорогие сверху
sort-total-asc = Дешёвые сверху
and-more = { $count ->
    [one] и ещё { $n }
   *[other] и ещё { $n }
}
paid = Оплачен
unpaid = Не оплачен
scheme-fbs-title = FBS: доставляет Ozon
scheme-realfbs-title = realFBS: доставляет продавец или его служба
badge-express = Express
badge-express-title = Доставка Express: срок в часах
badge-legal = Юрлицо
badge-multibox = Несколько коробок
badge-multibox-title = Отправление можно разложить на несколько грузовых мест
badge-boxes = { $count ->
    [one] { $n } коробка
    [few] { $n } коробки
   *[many] { $n } коробок
}
badge-lifting = Подъём
flag-cancelled-in-ozon = Отменено в Ozon — не отправлять
flag-awaiting-return = Ожидается возврат
flag-partly-cancelled = Часть товаров отменена
pick-all = Отметить все на странице
bulk-label = Действия с отмеченными заказами
bulk-picked = Отмечено: { "{n}" }
bulk-picked-some = Отмечены заказы
bulk-status = Перевести в статус
bulk-apply = Перевести
