# Заказы вне панели: файлы и печать.
export-act = Выгрузить
export-csv = CSV
export-xlsx = XLSX для Excel
export-xlsx-help = До 100 000 строк. Файл готовится целиком: загрузка начнётся через несколько секунд, у больших списков — до минуты.
export-help = Строка файла — одна позиция заказа. Данные заказа повторяются в каждой его строке, и сумма заказа тоже: для итогов складывайте столбец «Сумма». В XLSX номера и штрихкоды остаются текстом.
export-file = zakazy
export-number = Номер заказа
export-posting = Номер отправления
export-ozon-order = Номер заказа Ozon
export-date = Дата
export-status = Статус
export-ozon-status = Статус в Ozon
export-flags = Отметки
export-ship-by = Отгрузить до
export-cabinet = Кабинет
export-source = Источник
export-scheme = Схема
export-article = Артикул
export-sku = SKU
export-product = Товар
export-quantity = Количество
export-cancelled = Отменено
export-price = Цена
export-price-currency = Валюта цены
export-sum = Сумма
export-sum-currency = Валюта суммы
export-customer-price = Цена для покупателя
export-customer-price-currency = Валюта цены для покупателя
export-total = Сумма заказа
export-total-currency = Валюта суммы заказа
export-delivery-price = Стоимость доставки
export-delivery-price-currency = Валюта доставки
export-paid = Оплата
export-paid-at = Оплачен
export-payment-method = Метод оплаты
export-delivery-method = Метод доставки
export-ozon-method = Метод доставки в Ozon
export-warehouse = Склад
export-carrier = Перевозчик
export-track-number = Трек-номер
export-boxes = Коробок
export-upper-barcode = Верхний штрихкод
export-lower-barcode = Нижний штрихкод
export-scanit = ScanIt
export-customer = Покупатель
export-customer-phone = Телефон покупателя
export-recipient = Получатель
export-recipient-phone = Телефон получателя
export-phone-extension = Добавочный
export-address = Адрес
export-zip = Индекс
export-company = Компания
export-inn = ИНН
export-comment = Комментарий
flash-export-too-long = В файл XLSX выгружается не больше 100 000 строк, а их больше. Сузьте фильтр или выгрузите CSV.

print-act = Печать
print-now = Напечатать
print-by-browser = Чтобы напечатать страницу, нажмите Ctrl+P.
print-as-of = Данные на { $time }
pick-list-title = Лист подбора
pick-list-of-all = Все неотгруженные заказы
pick-list-of-picked = Отмеченные заказы
pick-list-orders = { $count ->
    [one] { $n } заказ
    [few] { $n } заказа
   *[many] { $n } заказов
}
pick-list-pieces = { $count ->
    [one] { $n } штука
    [few] { $n } штуки
   *[many] { $n } штук
}
pick-list-more = { $count ->
    [one] В листе не все заказы: он собран на первый { $n }. Сузьте фильтр или отметьте нужные.
    [few] В листе не все заказы: он собран на первые { $n }. Сузьте фильтр или отметьте нужные.
   *[many] В листе не все заказы: он собран на первые { $n }. Сузьте фильтр или отметьте нужные.
}
pick-list-cancelled = { $count ->
    [one] { $n } заказ отменён в Ozon и в лист не вошёл: не отправлять.
    [few] { $n } заказа отменены в Ozon и в лист не вошли: не отправлять.
   *[many] { $n } заказов отменены в Ozon и в лист не вошли: не отправлять.
}
pick-list-gone = { $count ->
    [one] { $n } заказ уже отгружен или закрыт и в лист не вошёл.
    [few] { $n } заказа уже отгружены или закрыты и в лист не вошли.
   *[many] { $n } заказов уже отгружены или закрыты и в лист не вошли.
}
pick-list-empty = Собирать нечего: в выборке нет заказов, которые ещё не отгружены.
pick-list-done = Взято
pick-list-for = Для заказов
