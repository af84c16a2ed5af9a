# Время.
time-today = сегодня { $time }
time-yesterday = вчера
time-yesterday-at = вчера { $time }
time-tomorrow = завтра { $time }
time-just-now = только что
time-minutes-ago = { $n } мин назад
time-hours-ago = { $n } ч назад
time-left = через { $span }
time-overdue = просрочен на { $span }
time-under-a-second = < 1 с
time-seconds = { $n } с
time-minutes = { $n } мин
time-hours = { $n } ч
time-days = { $count ->
    [one] { $n } день
    [few] { $n } дня
   *[many] { $n } дней
}
month-short-1 = янв.
month-short-2 = февр.
month-short-3 = марта
month-short-4 = апр.
month-short-5 = мая
month-short-6 = июня
month-short-7 = июля
month-short-8 = авг.
month-short-9 = сент.
month-short-10 = окт.
month-short-11 = нояб.
month-short-12 = дек.
month-full-1 = января
month-full-2 = февраля
month-full-3 = марта
month-full-4 = апреля
month-full-5 = мая
month-full-6 = июня
month-full-7 = июля
month-full-8 = августа
month-full-9 = сентября
month-full-10 = октября
month-full-11 = ноября
month-full-12 = декабря
time-of-warehouse = время склада
