# Письма администратору магазина.
letter-to-panel = Открыть в панели
letter-signature = Это письмо отправила Выгрузка. Куда и какие письма приходят, задано в настройках почты и кабинета.
letter-order = Заказ
letter-goods = Товары
letter-sum = Сумма
letter-ship-by = Отгрузить до
letter-day = День
letter-orders = Заказов
letter-before = Было в Ozon
letter-after = Стало в Ozon
letter-shop-status = Статус заказа
letter-status-stays = не менялся
letter-new-orders = { $count ->
    [one] { $n } новый заказ
    [few] { $n } новых заказа
   *[many] { $n } новых заказов
}
letter-first-load = Кабинет загружен впервые. Заказы по дням:
letter-back-fill = Настройки изменились, и загруженные раньше отправления стали заказами. Заказы по дням:
letter-more = { $count ->
    [one] и ещё { $n }
    [few] и ещё { $n }
   *[many] и ещё { $n }
}
letter-status-changes = { $count ->
    [one] Сменился статус { $n } заказа
    [few] Сменились статусы { $n } заказов
   *[many] Сменились статусы { $n } заказов
}
letter-cancelled-in-work = Отменено в Ozon, не отправляйте: заказ { $number }
letter-cancelled-shipped = Отменено в Ozon, ожидается возврат: заказ { $number }
letter-cancelled = { $count ->
    [one] Отменён в Ozon { $n } заказ
    [few] Отменены в Ozon { $n } заказа
   *[many] Отменено в Ozon { $n } заказов
}
letter-what-now = Что делать
letter-do-not-send = не отправлять
letter-expect-return = ждать возврата
letter-cancelled-why = Отмена
letter-details = Подробности: { $error }
letter-key-fails-title = Ключ не работает — { $cabinet }
letter-key-expires-title = { $count ->
    [one] Ключ закончится через { $n } день
    [few] Ключ закончится через { $n } дня
   *[many] Ключ закончится через { $n } дней
}
letter-key-expires-when = Ключ действует до { $time }.
letter-key-expires-advice = Создайте новый ключ в кабинете Ozon и впишите его на странице кабинета в панели. Пока действует старый, ничего не остановится.
letter-loads-fail-title = Заказы не загружаются — { $cabinet }
letter-loads-fail-since = Не загружаются с { $time }.
letter-loads-fail-advice = Ничего не потеряно: следующая загрузка прочитает то же самое. Когда она удастся, придёт ещё одно письмо.
letter-loads-well-title = Заказы снова загружаются — { $cabinet }
letter-loads-well-times = Сбой с { $since } по { $until }. Всё, что изменилось за это время, загружено.
letter-trial-title = Пробное письмо
letter-trial-text = Почта настроена: письма доходят.

letter-kind-new-orders = Письмо: новые заказы
letter-kind-status-changes = Письмо: смена статусов в Ozon
letter-kind-cancelled-in-work = Письмо: отмена в Ozon
letter-kind-key-fails = Письмо: ключ не работает
letter-kind-key-expires = Письмо: ключ скоро закончится
letter-kind-loads-fail = Письмо: заказы не загружаются
letter-kind-loads-well-again = Письмо: заказы снова загружаются
letter-kind-trial = Пробное письмо

post-mail-not-set-up = Почта не настроена
post-advice-mail-not-set-up = Заполните настройки почты: письмо уйдёт само.
post-mail-unreachable = Почтовый сервер не отвечает
post-advice-mail-unreachable = Проверьте сервер и порт в настройках почты; попробуем снова сами.
post-mail-tls = Соединение с почтовым сервером не удалось защитить
post-advice-mail-tls = Проверьте порт и вид защиты: обычно 465 — TLS, 587 — STARTTLS.
post-mail-login = Почтовый сервер не принял логин или пароль
post-advice-mail-login = Проверьте их в настройках почты; многим почтам нужен отдельный пароль для приложений.
post-mail-sender = Сервер не отправляет письма с этого адреса
post-advice-mail-sender = Укажите в поле «От кого» адрес, которому сервер это разрешает.
post-mail-recipients = Сервер не принял ни одного адреса получателя
post-advice-mail-recipients = Проверьте адреса администратора в настройках почты.
post-mail-rejected = Сервер отказался принять письмо
post-advice-mail-rejected = Ответ сервера говорит, почему; затем нажмите «Повторить».
post-mail-later = Сервер просит повторить позже
post-advice-mail-later = Ничего делать не нужно: попробуем снова сами.
post-mail-broken = Связь с почтовым сервером оборвалась
post-advice-mail-broken = Ничего делать не нужно: попробуем снова сами.
post-mail-unanswered = Сервер не сказал, принял ли он письмо
post-advice-mail-unanswered = Посмотрите, пришло ли оно: отправляем не больше пяти раз. Если письма нет, нажмите «Повторить».
trial-advice-mail-unreachable = Проверьте сервер и порт.
trial-advice-mail-rejected = Почему — в ответе сервера.
trial-advice-mail-later = Отправьте пробное письмо ещё раз через несколько минут.
trial-advice-mail-broken = Отправьте пробное письмо ещё раз через несколько минут.
trial-advice-mail-unanswered = Посмотрите, пришло ли оно.

letter-kind-reconciled = Письмо: сверка нашла расхождения
letter-posting = Отправление
letter-differs = Что не сошлось
letter-reconciled = { $count ->
    [one] Сверка: { $n } расхождение
    [few] Сверка: { $n } расхождения
   *[many] Сверка: { $n } расхождений
}
letter-reconciled-period = Сравнили заказы в Ozon с { $since } по { $until } с тем, что есть в магазине.
letter-reconciled-advice = Откройте сверку в панели и нажмите «Исправить»: данные загрузятся из Ozon заново.
letter-reconciled-unknown = Эти отправления есть в магазине, но Ozon их больше не показывает. Проверьте их в личном кабинете Ozon: загружать нечего.
difference-missing = есть в Ozon, нет у нас
difference-unknown = есть у нас, в списке Ozon нет
difference-unreadable = получено, но не прочитано
difference-status = статус: у нас «{ $here }», в Ozon «{ $there }»
difference-lines = товары: у нас { $here }, в Ozon { $there }
difference-no-lines = ничего
difference-sum = сумма: у нас { $here }, в Ozon { $there }
