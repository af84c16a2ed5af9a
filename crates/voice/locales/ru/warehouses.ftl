# Склады и методы доставки кабинета, порядок и удаление строк справочников, шаблон номера.
warehouses-title = Склады и методы доставки
warehouses-lead = Заказы склада или метода доставки Ozon могут получать свой источник, метод доставки и метод оплаты.
warehouses-read = Обновить из Ozon
warehouses-read-at = Обновлено
warehouses-empty = Склады ещё не прочитаны
warehouses-empty-text = Здесь появятся склады и методы доставки кабинета, и для каждого можно будет выбрать источник и методы.
warehouses-help = Правило метода доставки важнее правила склада, оба важнее настроек кабинета. Действует на новые заказы, созданные раньше не меняются. Ozon сообщает методы доставки только для realFBS; для остальных действует правило склада.
settings-of-cabinet = Настройки заказов кабинета
warehouses-no-role = У ключа нет роли для складов и методов доставки. Добавьте её ключу в кабинете Ozon и прочитайте снова.
warehouses-no-role-for-methods = Склады прочитаны, а для методов доставки у ключа нет роли. Добавьте её ключу в кабинете Ozon и прочитайте снова.
warehouses-no-role-for-warehouses = Методы доставки прочитаны, а для складов у ключа нет роли. Добавьте её ключу в кабинете Ozon и прочитайте снова.
warehouses-unknown-choice = Ничего не сохранено: выбранного источника или метода больше нет в справочнике. Выберите другой.
warehouse-as-cabinet = Как у кабинета: { $name }
warehouse-unnamed = Склад { $id }
warehouse-unknown = Склад неизвестен
warehouse-read-at = обновлён
warehouse-not-listed = Ozon о нём ещё не рассказывал
ozon-method-unnamed = Метод доставки { $id }
ozon-method-off = отключён в Ozon
column-place = Склад, метод доставки
flash-warehouses-saved = Сохранено. Новые заказы получат выбранное.
flash-warehouses-read = { $count ->
    [one] Прочитано: { $n } склад и его методы доставки.
    [few] Прочитано: { $n } склада и их методы доставки.
   *[many] Прочитано: { $n } складов и их методы доставки.
}
event-assigned = Назначено: { $what }
assigned-source_id = источник
assigned-delivery_method_id = метод доставки
assigned-payment_method_id = метод оплаты
why-rule-of-warehouse = По правилу склада «{ $name }».
why-rule-of-delivery-method = По правилу метода доставки Ozon «{ $name }».
uses-orders = { $count ->
    [one] { $n } заказ
    [few] { $n } заказа
   *[many] { $n } заказов
}
uses-no-orders = нет заказов
uses-cabinet = Кабинет «{ $name }»: { $what }
status-order-help = Порядок меняется кнопками со стрелками.
status-order-keys = С клавиатуры — Alt+↑ и Alt+↓.
status-up = Выше: { $name }
status-down = Ниже: { $name }
named-installed = создан при установке
named-installed-help = Эту строку можно переименовать, но не удалить: на неё опираются настройки по умолчанию.
customer-no-orders = Заказов пока нет.
number-template-counter = Порядковый номер растёт с каждым заказом и не обнуляется.
number-template-try = Показать пример
fault-template-word = Вместо { $word } подставить нечего. Подойдут #NUMBER#, #YEAR#, #MONTH# и #DAY#.
fault-one-line = { $count ->
    [one] Одна строка, не длиннее { $n } знака.
   *[many] Одна строка, не длиннее { $n } знаков.
}
fault-too-long = { $count ->
    [one] Не длиннее { $n } знака.
   *[many] Не длиннее { $n } знаков.
}
