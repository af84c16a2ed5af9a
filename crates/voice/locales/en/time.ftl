# Times.
time-today = today { $time }
time-yesterday = yesterday
time-yesterday-at = yesterday { $time }
time-tomorrow = tomorrow { $time }
time-just-now = just now
time-minutes-ago = { $n } min ago
time-hours-ago = { $n } h ago
time-left = in { $span }
time-overdue = { $span } overdue
time-under-a-second = < 1 s
time-seconds = { $n } s
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $count ->
    [one] { $n } day
   *[other] { $n } days
}
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
month-full-1 = January
month-full-2 = February
month-full-3 = March
month-full-4 = April
month-full-5 = May
month-full-6 = June
month-full-7 = July
month-full-8 = August
month-full-9 = September
month-full-10 = October
month-full-11 = November
month-full-12 = December
time-of-warehouse = the warehouse’s time
