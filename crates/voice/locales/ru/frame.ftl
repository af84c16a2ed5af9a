# Рамка каждой страницы: рейка, верхняя строка, общие слова.
product = Выгрузка
skip-to-content = К содержанию
rail-label = Разделы
rail-orders = Заказы
rail-orders-short = Заказы
rail-postings = Отправления без заказа
rail-postings-short = Без заказа
rail-cabinets = Кабинеты
rail-cabinets-short = Кабинеты
rail-lists = Справочники
rail-lists-short = Справочники
rail-runs = Журнал
rail-runs-short = Журнал
rail-users = Пользователи
rail-users-short = Пользователи
rail-customers = Покупатели
rail-customers-short = Покупатели
rail-settings = Настройки
rail-settings-short = Настройки
rail-more = Ещё
rail-toggle = Свернуть или развернуть рейку
search-placeholder = Номер, покупатель, артикул, настройка
search-label = Поиск по заказам, покупателям, настройкам и страницам
switch-language = English
other-language-short = EN
theme-auto = Тема: как в системе
theme-light = Тема: светлая
theme-dark = Тема: тёмная
demo-note = Это демонстрация: кабинет и заказы вымышленные, данные исчезнут после остановки программы.
demo-note-short = Данные вымышленные.
pulse-updated = обновлено
pulse-trouble = загрузка не идёт
load-of-about = { $seen } из ~{ $expected }
load-seen = { $count ->
    [one] загружено { $n } отправление
    [few] загружено { $n } отправления
   *[many] загружено { $n } отправлений
}
keys-title = Клавиши
keys-search = к поиску
keys-move = по строкам списка вниз и вверх
keys-open = открыть строку
keys-select = отметить строку, с Shift — все до неё
keys-reorder = переставить строку справочника
fault-lost = Сервер не ответил, и неизвестно, выполнено ли действие. Обновите страницу и проверьте; введённое осталось здесь.
fault-signed-out = Вы вышли, или сеанс закончился. Войдите в новой вкладке и повторите: введённое осталось на странице.
keys-close = закрыть, выйти из поиска
keys-help = эта подсказка
close = Закрыть
copied = Скопировано
copy = Скопировать
save = Сохранить
add = Добавить
cancel = Отмена
change = Изменить
find = Найти
refresh = Обновить
never = ещё ни разу
older = Более ранние
show-more = Показать ещё
show-next = Следующие
to-first-page = К началу списка
delete-named = Удалить «{ $name }»
role-admin = Администратор
role-manager = Менеджер
role-viewer = Наблюдатель
persons-hidden = Данные покупателя и получателя видны менеджерам и администраторам.
person-hidden = скрыто
actor-ozon = Ozon
actor-rule = Выгрузка, по настройке
actor-command = Командная строка
actor-token = программа «{ $name }»
flash-saved = Сохранено.
flash-unchanged = Ничего не изменилось.
flash-settings-saved = Настройки сохранены. Изменено: { $n }.
flash-settings-applied = Настройки применены к загруженным заказам.
flash-settings-applying = Настройки применяются к загруженным заказам. Это займёт ещё немного времени, ждать на этой странице не нужно.
flash-settings-overtaken = Настройки тем временем изменились, поэтому применены не ко всем загруженным заказам. Посмотрите ещё раз.
flash-order-changed = Заказ изменён.
flash-orders-changed = { $count ->
    [one] Изменён { $n } заказ.
    [few] Изменены { $n } заказа.
   *[many] Изменено { $n } заказов.
}
flash-nothing-picked = Сначала отметьте заказы в списке.
flash-order-created = Заказ создан.
flash-order-refused = Из этого отправления заказ создать нельзя: ответ Ozon не удалось прочитать.
flash-deleted = Удалено.
flash-added = Добавлено.
flash-cabinet-added = Кабинет добавлен, ключ действует. Посмотрите настройки заказов и загрузите заказы.
flash-key-saved = Новый ключ сохранён и проверен.
flash-key-good = Ключ действует.
flash-cabinet-disabled = Кабинет отключён: загрузок больше не будет.
flash-cabinet-enabled = Кабинет включён.
flash-load-busy = Загрузка уже идёт.
flash-signed-out = Вы вышли.
flash-user-disabled = Доступ закрыт.
