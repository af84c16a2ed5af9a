# Work with the order settings: search, versions, copying, file.
settings-tab-form = Settings
settings-tab-copy = Copying
settings-tab-file = File
settings-lead = Settings act on new orders. Where a change concerns those already loaded, you see what becomes of them before it is saved.
settings-reaches = It can be applied to loaded orders too.
settings-find = Find a setting
settings-find-act = Find
settings-found = Shown: { $shown } of { $total }
settings-found-none = There is no such setting.
settings-found-all = Show all
settings-kept = The shop or cabinet does not have these, so they stay as they are now:

versions-all = All versions
versions-lead = Every save is a new version. Earlier ones are kept, and you can return to any of them.
version-n = Version { $number }
version-title = Settings, version { $number }
version-in-force = in force
version-same = No changes
version-apply-last = Apply the last change to loaded orders
version-changed = What this version changed
version-back-title = If you return to this version
version-back = Return to this version
version-back-same = The settings in force are the same.
version-back-help = You first see what changes in loaded orders. The settings are saved as a new version.
value-gone = No. { $id }, no longer in the list

settings-copy-title = Copy settings
settings-copy-lead = The settings of the cabinet “{ $cabinet }”, for other cabinets. You see the differences first.
settings-copy-to = To which cabinets
settings-copy-parts = Which sections
settings-copy-own = Each cabinet’s own
settings-copy-own-help = These are usually not copied.
settings-copy-load-from = The date from which postings are loaded
settings-copy-unknown-codes = Rows of unknown Ozon statuses
settings-copy-no-target = Choose at least one cabinet.
settings-copy-no-part = Choose at least one section.
settings-copy-look = Show differences
settings-copy-overtaken = The settings changed while you were looking. Have another look at the differences: what is shown here is not saved yet.
settings-copy-same = The settings are the same already.
settings-copy-effect = Saved for new orders. If applied to the loaded ones later:
settings-copy-act = { $count ->
    [one] Copy to { $n } cabinet
   *[other] Copy to { $n } cabinets
}
settings-copy-saved = Saved for new orders only. See what can be changed in the loaded ones:
settings-copy-alone = There is only one cabinet
settings-copy-alone-text = Once there is a second one, the settings of this cabinet can be copied to it.
settings-copy-alone-act = Add a cabinet
flash-settings-copied = { $count ->
    [one] Settings copied to { $n } cabinet.
   *[other] Settings copied to { $n } cabinets.
}

settings-file-out = Download the settings
settings-file-out-text = The settings in force, in the same form as the command shows them:
settings-file-download = Download
settings-file-in = Load from a file
settings-file-in-text = The file may hold only some of the settings: the others stay. Everything is checked first, and you see what becomes different.
settings-file-choose = File, up to 256 KB
file-choose = Choose a file
file-none = no file chosen
settings-file-paste = Or the text of the settings
settings-file-look = Check and show
settings-file-line = line { $line }
settings-file-faults = { $count ->
    [one] Nothing was saved: there is { $n } mistake in the settings.
   *[other] Nothing was saved: there are { $n } mistakes in the settings.
}
settings-file-empty = Choose a file or paste the text.
settings-file-too-large = More than 256 KB. A settings file is much smaller; see whether it is the right one.
settings-file-not-text = This is no text in UTF-8. Save the file in that encoding.
settings-file-not-json = This is not JSON: the mistake is in line { $line }, character { $column }.
settings-file-not-settings = Settings must stand in braces, as in the downloaded file.
settings-file-same = Nothing in these settings differs from those in force.
settings-file-unknown = There is no such setting. Allowed here: { $allowed }
settings-file-one-of = One of these: { $allowed }
settings-file-every = In the file: {"{"}"minutes": 5{"}"}, {"{"}"hours": 2{"}"} or {"{"}"days": 1{"}"}.
settings-file-customer = null or the number of a customer of the shop.
settings-file-object = There must be braces here, as in the downloaded file.
settings-file-cancelled = There is no such row: cancellation is ruled by on_cancel.
