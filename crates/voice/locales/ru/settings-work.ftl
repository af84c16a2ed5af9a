# Работа с настройками заказов: поиск, версии, копирование, файл.
settings-tab-form = Настройки
settings-tab-copy = Копирование
settings-tab-file = Файл
settings-lead = Настройки действуют на новые заказы. Если изменение касается уже загруженных, перед сохранением покажем, что с ними будет.
settings-reaches = Можно применить и к загруженным.
settings-find = Найти настройку
settings-find-act = Найти
settings-found = Показано: { $shown } из { $total }
settings-found-none = Таких настроек нет.
settings-found-all = Показать все
settings-kept = Этого в магазине или кабинете нет, поэтому останется как сейчас:

versions-all = Все версии
versions-lead = Каждое сохранение — новая версия. Прежние не удаляются, к любой можно вернуться.
version-n = Версия { $number }
version-title = Настройки, версия { $number }
version-in-force = действует
version-same = Без изменений
version-apply-last = Применить последнее изменение к загруженным заказам
version-changed = Что изменила эта версия
version-back-title = Если вернуться к этой версии
version-back = Вернуться к этой версии
version-back-same = Действующие настройки такие же.
version-back-help = Сначала покажем, что изменится в загруженных заказах. Настройки сохранятся новой версией.
value-gone = № { $id }, больше нет в списке

settings-copy-title = Скопировать настройки
settings-copy-lead = Настройки кабинета «{ $cabinet }» — в другие кабинеты. Сначала покажем различия.
settings-copy-to = В какие кабинеты
settings-copy-parts = Какие разделы
settings-copy-own = Своё у каждого кабинета
settings-copy-own-help = Обычно это не копируют.
settings-copy-load-from = Дату, с которой загружать отправления
settings-copy-unknown-codes = Строки незнакомых статусов Ozon
settings-copy-no-target = Выберите хотя бы один кабинет.
settings-copy-no-part = Выберите хотя бы один раздел.
settings-copy-look = Показать различия
settings-copy-overtaken = Пока вы смотрели, настройки изменились. Посмотрите различия ещё раз: что показано здесь, ещё не сохранено.
settings-copy-same = Настройки уже такие же.
settings-copy-effect = Сохранятся для новых заказов. Если потом применить к загруженным:
settings-copy-act = { $count ->
    [one] Скопировать в { $n } кабинет
    [few] Скопировать в { $n } кабинета
   *[many] Скопировать в { $n } кабинетов
}
settings-copy-saved = Сохранено только для новых заказов. Посмотрите, что можно изменить в загруженных:
settings-copy-alone = Кабинет пока один
settings-copy-alone-text = Когда появится второй, настройки этого кабинета можно будет скопировать в него.
settings-copy-alone-act = Добавить кабинет
flash-settings-copied = { $count ->
    [one] Настройки скопированы в { $n } кабинет.
    [few] Настройки скопированы в { $n } кабинета.
   *[many] Настройки скопированы в { $n } кабинетов.
}

settings-file-out = Скачать настройки
settings-file-out-text = Действующие настройки в том же виде, в каком их показывает команда
settings-file-download = Скачать
settings-file-in = Загрузить из файла
settings-file-in-text = В файле может быть только часть настроек: остальные не изменятся. Сначала всё проверим и покажем, что станет другим.
settings-file-choose = Файл, до 256 КБ
file-choose = Выбрать файл
file-none = файл не выбран
settings-file-paste = Или текст настроек
settings-file-look = Проверить и показать
settings-file-line = строка { $line }
settings-file-faults = { $count ->
    [one] Ничего не сохранено: в настройках { $n } ошибка.
    [few] Ничего не сохранено: в настройках { $n } ошибки.
   *[many] Ничего не сохранено: в настройках { $n } ошибок.
}
settings-file-empty = Выберите файл или вставьте текст.
settings-file-too-large = Больше 256 КБ. Файл настроек намного меньше, проверьте, тот ли это файл.
settings-file-not-text = Это не текст в UTF-8. Сохраните файл в этой кодировке.
settings-file-not-json = Это не JSON: ошибка в строке { $line }, знак { $column }.
settings-file-not-settings = Настройки должны стоять в фигурных скобках, как в скачанном файле.
settings-file-same = В этих настройках ничего не отличается от действующих.
settings-file-unknown = Такой настройки нет. Здесь могут быть: { $allowed }
settings-file-one-of = Подойдёт одно из: { $allowed }
settings-file-every = В файле: {"{"}"minutes": 5{"}"}, {"{"}"hours": 2{"}"} или {"{"}"days": 1{"}"}.
settings-file-customer = null или номер покупателя магазина.
settings-file-object = Здесь должны быть фигурные скобки, как в скачанном файле.
settings-file-cancelled = Этой строки не бывает: при отмене действует on_cancel.
