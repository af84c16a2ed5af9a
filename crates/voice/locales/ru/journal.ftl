# Журнал: загрузки и push-уведомления.
journal-loads = Загрузки
journal-messages = Push-уведомления
journal-error = Текст ошибки
filter-any-result = Итог: любой
filter-any-cause = Запуск: любой
filter-any-kind = Все уведомления
messages-came = Пришло
messages-kind = Уведомление
messages-last = Последние уведомления
messages-all = Все уведомления кабинета
