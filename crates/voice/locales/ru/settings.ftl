# Настройки выгрузки заказов: подписи слово в слово как на исходной странице.
settings-title = Настройки заказов
settings-orders = Заказы
settings-processing = Обработка заказов
settings-faults = { $count ->
    [one] Ничего не сохранено: исправьте { $n } поле.
    [few] Ничего не сохранено: исправьте { $n } поля.
   *[many] Ничего не сохранено: исправьте { $n } полей.
}
settings-afterwards = Сохранено только для новых заказов. Уже загруженные можно изменить и сейчас:
settings-afterwards-link = Посмотреть, что изменится

setting-schedule-enabled = Выгружать по расписанию
setting-schedule-enabled-help = Загружать новые заказы и статусы автоматически.
setting-schedule-every = Интервал запуска
setting-schedule-every-help = Заказы Express не ждут, поэтому советуем несколько минут.
setting-schedule-at = Время запуска
setting-schedule-at-help = Для интервала в днях, по времени магазина ({ $zone }).
setting-source_id = Источник заказа при загрузке
setting-source_id-help = Проставляется заказам из Ozon.
setting-customer_id = Привязывать заказы к покупателю
setting-customer_id-help = Имя и адрес из Ozon остаются в заказе в любом случае.
setting-posting_number_to = Загружать номер отправления
setting-posting_number_to-help = Если номер отправления идёт в имя покупателя, номер заказа строится
settings-by-template = по шаблону
settings-change-statuses = Справочник статусов
setting-order_date = Записывать заказ с датой и временем
setting-order_date-help = Хранятся оба времени, настройка выбирает дату заказа.
setting-methods = Метод доставки / оплаты по умолчанию
setting-methods-help = Проставляются заказам при выгрузке.
setting-delivery_method_id = Метод доставки по умолчанию
setting-payment_method_id = Метод оплаты по умолчанию
setting-also_awaiting_deliver = Дополнительно загружать заказы в статусе "Ожидает отгрузки"
setting-also_awaiting_deliver-help = Включите, если собираете заказы и в кабинете Ozon: иначе начатые там заказы сюда не попадут.
setting-load_barcode = Загружать штрихкод
setting-load_barcode-help = Штрихкоды этикетки попадут в дополнительные данные заказа.
setting-load_from = Загружать отправления с даты
setting-load_from-help = Более старые заказами не становятся, кроме тех, что ещё не собраны.
setting-status_map = Сопоставление статусов
setting-status_map-help = Срабатывает один раз — при смене статуса в Ozon. Статус, который поставили вы, держится до следующей смены.
setting-on_cancel = При отмене в Ozon
setting-on_cancel-help = Что делать с заказом, если отправление отменили.
setting-mark_paid_when_delivered = Устанавливать признак оплаты при завершении заказа
setting-mark_paid_when_delivered-help = Когда в Ozon «Доставлено» и заказ в сопоставленном статусе. Отмеченное вручную не меняется.
setting-schedule = Выгружать по расписанию
setting-row = { $setting } · { $row }

every-unit = Единица интервала
every-minutes = мин
every-hours = ч
every-days = дн.
customer-each = Свой на каждого покупателя Ozon
customer-of-ozon-too = { $name } (из Ozon)
posting-number-to-order-number = в номер заказа
posting-number-to-customer-name = в имя покупателя
order-date-placed = размещения заказа покупателем на Ozon
order-date-imported = загрузки в магазин
map-ozon = Статус в Ozon
map-shop = Статус заказа
map-stays = — не менять —
map-substatuses = Подробнее, если нужно
map-substatuses-help = Заполненная строка важнее строки статуса, к которому относится.
map-unknown = Незнакомые статусы
map-unknown-help = Ozon их показал, но в документации, которую мы знаем, их нет.
cancel-before-work = Работа не начата
cancel-in-work = Заказ в работе
cancel-shipped = Уже отгружен
cancel-flag-in-work = отметка «Отменено в Ozon — не отправлять»
cancel-flag-shipped = отметка «Ожидается возврат»
fault-every = Целое число: минут от 1 до 1440, часов от 1 до 168, дней от 1 до 31.
fault-time = Время как ЧЧ:ММ.
time-form = ЧЧ:ММ
fault-date = Дата как ГГГГ-ММ-ДД.
fault-choice = Такого больше нет в списке, выберите другое.
versions-title = Версии
version-first = Настройки при добавлении кабинета
version-other = Прочие изменения
value-on = включено
value-off = выключено
value-none = не задано
value-not-sent = не передавать
value-flag = отметка

effect-title = Что изменится в загруженных заказах
effect-lead-unsaved = Ничего ещё не сохранено. После сохранения настройки действуют для новых заказов при любом выборе.
effect-lead-saved = Настройки сохранены и действуют для новых заказов. Загруженные изменятся, только если вы их примените.
effect-overtaken = Пока вы смотрели, настройки изменились. Ничего не сделано: посмотрите, что изменится теперь.
effect-none = В загруженных заказах ничего не изменится.
effect-moved = { $count ->
    [one] Заказ сменит статус
    [few] Заказа сменят статус
   *[many] Заказов сменят статус
}
effect-paid = { $count ->
    [one] Заказ станет оплаченным
    [few] Заказа станут оплаченными
   *[many] Заказов станут оплаченными
}
effect-barcodes = { $count ->
    [one] Заказ получит штрихкоды
    [few] Заказа получат штрихкоды
   *[many] Заказов получат штрихкоды
}
effect-made = { $count ->
    [one] Новый заказ
    [few] Новых заказа
   *[many] Новых заказов
}
effect-pushes = { $count ->
    [one] Передача в Ozon
    [few] Передачи в Ozon
   *[many] Передач в Ozon
}
effect-letters = { $count ->
    [one] Письмо
    [few] Письма
   *[many] Писем
}
effect-orders = { $count ->
    [one] { $n } заказ
    [few] { $n } заказа
   *[many] { $n } заказов
}
effect-moved-title = Статусы
effect-moved-help = Статусы, которые поставил человек, и окончательные отмены останутся.
effect-made-title = Новые заказы по дням
effect-made-help = Из отправлений, которые уже загружены, но заказами не стали. День — когда Ozon начал их обрабатывать.
effect-changes-title = Настройки
effect-save-and-apply = { $count ->
    [one] Сохранить и применить к { $n } заказу
   *[other] Сохранить и применить к { $n } заказам
}
effect-save-for-new = Сохранить только для новых
effect-apply = { $count ->
    [one] Применить к { $n } заказу
   *[other] Применить к { $n } заказам
}
effect-back = Вернуться
days-before = { $from } – { $to }
days-unknown = без даты
settings-apply-to-postings = Применить к загруженным
settings-seller-delivery = Доставка по выбору продавца
setting-also_box_changes = Дополнительно загружать изменения в грузовых местах
setting-also_box_changes-help = Разделённое отправление станет несколькими заказами. Если выключено, изменения только отмечаются.
setting-send_track_numbers-help = Заполненный или изменённый в заказе трек-номер уйдёт в Ozon.
setting-seller_delivery-help = При этом статусе заказа отправление перейдёт в Ozon в { $step }.
delivery-not-sent = — не передавать —
setting-notify_new_orders = Отправлять уведомление о загрузке заказов из OZON
setting-notify_new_orders-help = Одно письмо за загрузку со всеми новыми заказами — администратору.
setting-notify_status_changes = Отправлять уведомление о смене статуса в OZON
setting-notify_status_changes-help = Одно письмо за загрузку с тем, что изменилось в Ozon. Того, что передали мы сами, в нём нет.
settings-no-mail = Почта не настроена, писем пока не будет.
settings-set-up-mail = Настроить почту
