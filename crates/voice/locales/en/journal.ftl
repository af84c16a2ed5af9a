# The journal: loads and push messages.
journal-loads = Loads
journal-messages = Push messages
journal-error = Words of an error
filter-any-result = Any result
filter-any-cause = Any cause
filter-any-kind = All notifications
messages-came = Came
messages-kind = Notification
messages-last = Last notifications
messages-all = All notifications of the cabinet
