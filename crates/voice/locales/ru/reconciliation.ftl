# Сверка с Ozon.
reconciliation-title = Сверка с Ozon
reconciliation-lead = Сверка показывает, всё ли из Ozon есть здесь, с тем же статусом, товарами и суммой.
reconciliation-since = С даты
reconciliation-until = По дату
reconciliation-start = Сверить
reconciliation-help = Дни считаются по дате, когда Ozon принял заказ в обработку. Каждую ночь сверяются последние 30 дней; если что-то не сошлось, приходит письмо.
reconciliation-running = Идёт сверка. Её можно не ждать: итог останется здесь.
reconciliation-empty = Сверок ещё не было
reconciliation-empty-text = Первая пройдёт ближайшей ночью. Сверить можно и сейчас.
reconciliation-earlier = Прошлые сверки
reconciliation-repair = Исправить
reconciliation-repair-help = Расхождения загрузятся из Ozon заново тем же путём, что и все заказы; история заказов покажет, что изменилось. Ничего не удаляется.
reconciled-all = Всё сошлось
reconciled-left = { $count ->
    [one] { $n } расхождение
    [few] { $n } расхождения
   *[many] { $n } расхождений
}
reconciled-period = { $since } — { $until }
reconciled-matched = Сошлось
reconciled-missing = Нет у нас
reconciled-differing = Отличаются
reconciled-unknown = Нет в Ozon
reconciled-repaired = Исправлено
column-differs = Что не сошлось
finding-repaired = исправлено
finding-unknown-help = Проверьте в кабинете Ozon.
fault-period = { $count ->
    [one] Укажите дни по порядку, не больше { $n } дня.
    [few] Укажите дни по порядку, не больше { $n } дней.
   *[many] Укажите дни по порядку, не больше { $n } дней.
}
flash-reconcile-busy = Сверка уже идёт.
cause-reconciliation = При сверке
