# When two people edit the same form.
overtaken = Somebody saved other changes here while you were editing. Yours are still in the form, not saved yet.
overtaken-who = Somebody saved other changes here while you were editing: { $who }. Yours are still in the form, not saved yet.
overtaken-meanwhile = Changed without you
overtaken-mine = Will change when you save
overtaken-theirs = Show what is saved, without my changes
