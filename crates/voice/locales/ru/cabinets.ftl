# Кабинеты, загрузки, журнал, отправления без заказа.
cabinets-title = Кабинеты
cabinets-empty = Кабинетов пока нет
cabinets-empty-text = Кабинет — это Client-Id и Api-Key из Ozon Seller. Из него загружаются отправления и заказы.
cabinet-add = Добавить кабинет
cabinet-new-title = Новый кабинет
cabinet-new-where = Client-Id и Api-Key создаются в кабинете Ozon: Настройки → Seller API. Нужна роль «Posting FBS» или «Admin».
cabinet-new-open = Открыть в Ozon
cabinet-name-help = Любое понятное вам название.
cabinet-key-help = Хранится зашифрованным и больше не показывается.
cabinet-api-url = Адрес API
cabinet-add-and-check = Добавить и проверить ключ
cabinet-last-load = Последняя загрузка
cabinet-key = Ключ
cabinet-settings = Настройки заказов
cabinet-rename = Переименовать
cabinet-disable = Отключить кабинет
cabinet-disable-text = Новые заказы и статусы этого кабинета больше не загружаются. Загруженные заказы остаются.
cabinet-disable-act = Отключить
cabinet-enable = Включить кабинет
cabinet-runs = Последние загрузки
cabinet-all-runs = Все загрузки кабинета
cabinet-state-ok = Работает, заказы загружаются по расписанию
cabinet-state-new = Ещё не загружался
cabinet-state-busy = Идёт загрузка
cabinet-state-off = Отключён
cabinet-state-off-advice = Заказы не загружаются. Включите кабинет, чтобы продолжить.
cabinet-state-manual = Загрузка только вручную
cabinet-state-manual-advice = Расписание выключено в настройках заказов.
key-title = Ключ Ozon
key-life = Срок
key-days-left = { $count ->
    [one] действует ещё { $n } день
    [few] действует ещё { $n } дня
   *[many] действует ещё { $n } дней
}
key-expired = истёк
key-life-unknown = Ozon не сообщил
key-set-at = Ключ сохранён
key-checked-at = Проверен
key-company = Продавец
key-roles = Роли
key-missing = Ключу не хватает роли для методов:
key-missing-advice = Создайте в кабинете Ozon ключ с ролью «Posting FBS» или «Admin».
key-check = Проверить ключ
key-new = Новый ключ
key-new-help = Прежний ключ будет заменён.
key-save-and-check = Сохранить и проверить
schedule-title = Расписание
schedule-when = Как часто
schedule-next = Следующая загрузка
schedule-off = только вручную
schedule-change = Изменить расписание
cabinet-word = Кабинет
schedule-minutes = { $count ->
    [1] каждую минуту
    [one] каждую { $n } минуту
    [few] каждые { $n } минуты
   *[many] каждые { $n } минут
}
schedule-hours = { $count ->
    [1] каждый час
    [one] каждый { $n } час
    [few] каждые { $n } часа
   *[many] каждые { $n } часов
}
schedule-days = { $count ->
    [1] каждый день
    [one] раз в { $n } день
    [few] раз в { $n } дня
   *[many] раз в { $n } дней
}
schedule-at = { $every } в { $time }
load-title = Загрузка заказов
load-now = Загрузить сейчас
load-never = Загрузок ещё не было.
load-starting = Начинаем
load-pages = { $count ->
    [one] { $n } страница
    [few] { $n } страницы
   *[many] { $n } страниц
}
rehearsal-title = Что загрузится
rehearsal-help = Прочитаем отправления в Ozon и покажем, сколько станет заказами и за какие дни. Ничего не сохраняется.
rehearsal-start = Посмотреть, что загрузится
rehearsal-again = Посмотреть ещё раз
rehearsal-running = Читаем отправления
rehearsal-done = Загрузка принесёт
rehearsal-kept = Пока ничего не загружено. С какой даты загружать и какие статусы брать:
rehearsal-updated = Изменится

runs-title = Журнал
runs-empty = Загрузок ещё не было
runs-empty-text = Здесь будет каждая загрузка: сколько отправлений пришло, что создано, что не удалось.
run-running = Идёт
run-done = Загружено
run-failed = Не удалось
run-interrupted = Прервана
cause-schedule = По расписанию
cause-panel = Вручную
cause-rest = Через REST
cause-command = Из командной строки
cause-push = По уведомлению
column-started = Начало
column-cause = Запуск
column-state = Итог
column-took = Длилась
figure-seen = Получено
figure-created = Создано
figure-updated = Изменено
figure-unchanged = Без изменений
figure-skipped = Без заказа
figure-failed = В карантине
figure-pages = Страницы
trace-id = Номер запроса Ozon:

postings-title = Отправления без заказа
postings-lead = Отправления, из которых заказ не создан, и почему.
postings-number = Номер отправления
postings-archive = Показывать архив
postings-empty = Таких отправлений нет
postings-empty-text = Каждое загруженное отправление стало заказом.
postings-empty-filter = Ничего не найдено
column-posting = Отправление
column-reason = Почему нет заказа
column-in-process = Принято в обработку
create-order = Создать заказ
create-order-anyway = Всё равно создать заказ
posting-has-order = Из этого отправления создан заказ
column-first-seen = Впервые замечено
posting-read-at = Загружено из Ozon
posting-goods = Состав
posting-total = Итого
posting-answer = Ответ Ozon
posting-undecodable = Ответ Ozon не удалось прочитать, он сохранён как есть.
skip-also-awaiting-deliver-off = Впервые замечено в статусе «Ожидает отгрузки», а такие настройка не загружает:
skip-first-seen-too-late = Впервые замечено после отгрузки или отмены
skip-unknown-status = Статус Ozon незнаком
skip-older-than-load-from = Старше даты в настройке:
skip-archive = Архив: закрыто и старше даты в настройке:
skip-part-of-posting = Часть отправления, у которого уже есть заказ; отдельно её не загружает настройка:
skip-undecodable = Карантин: ответ Ozon не удалось прочитать
skip-none = Причина не записана
