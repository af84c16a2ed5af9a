# Заказы: вкладки, виды, столбцы и действия с несколькими заказами.
work-new = Новые
work-assemble = Собрать сегодня
work-assemble-title = Ещё не собраны: отгрузить до конца дня, включая просроченные
work-overdue = Просроченные
work-risk = Срочные
work-risk-title = { $count ->
    [one] До отгрузки осталось меньше { $n } часа
   *[many] До отгрузки осталось меньше { $n } часов
}
work-refused = Не переданы в Ozon
work-cancelled = Отменённые
column-warehouse = Склад
column-track-number = Трек-номер
filter-any-scheme = Схема: любая
filter-any-warehouse = Все склады
filter-express = Только Express
views-title = Виды
view-new = Сохранить то, что на экране
view-name-example = Например, Express на сегодня
view-for-all = Показывать всем
view-save = Сохранить вид
view-help = Вид — это фильтр, вкладка и порядок под именем. Ссылкой на него служит адрес страницы.
view-shared = Виден всем
view-delete = Удалить вид «{ $name }»
columns-title = Столбцы
columns-legend = Что показывать и в каком порядке
column-up = Поднять «{ $name }»
column-down = Опустить «{ $name }»
risk-hours = «Срочные»: до отгрузки меньше, часов
bulk-paid = Оплачены
bulk-unpaid = Не оплачены
bulk-title-status = Перевести в статус «{ $status }»
bulk-title-paid = Отметить оплаченными
bulk-title-unpaid = Снять отметку об оплате
bulk-changed = { $count ->
    [one] Изменится { $n } заказ.
    [few] Изменятся { $n } заказа.
   *[many] Изменятся { $n } заказов.
}
bulk-unchanged = { $count ->
    [one] { $n } уже такой.
   *[many] { $n } уже такие.
}
bulk-told = Будет передано в Ozon
bulk-not-told = Не будет передано в Ozon
bulk-not-told-help = Сами заказы изменятся; причина останется в истории каждого.
bulk-do-it = Изменить и передать
bulk-do-not = Не менять
undo = Отменить
flash-undone = { $count ->
    [one] Вернули как было: { $n } заказ.
    [few] Вернули как было: { $n } заказа.
   *[many] Вернули как было: { $n } заказов.
}
flash-undone-in-part = { $count ->
    [one] { $n } заказ остался изменённым: о нём уже передано в Ozon, или его изменили после вас.
    [few] { $n } заказа остались изменёнными: о них уже передано в Ozon, или их изменили после вас.
   *[many] { $n } заказов остались изменёнными: о них уже передано в Ozon, или их изменили после вас.
}
flash-undo-over = Отменить уже нельзя: прошло больше 15 минут, или это действие отменено раньше.
flash-view-needs-name = Назовите вид, чтобы сохранить его.
flash-too-many-views = Сохранено 50 видов, больше не помещается. Удалите ненужный.
bulk-manager = Менеджер
bulk-assign = Назначить
column-manager = Менеджер
