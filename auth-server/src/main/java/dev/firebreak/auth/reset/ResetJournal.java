package dev.firebreak.auth.reset;

import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.auth.user.UserAccount;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the journal is told of links and of the first operator: never the link. Each call belongs at the end of a transaction. */
record ResetJournal(Journal journal) {
    private static final Actor BOOTSTRAP = Actor.command("bootstrap-operator");
    private static final String REASON = "first operator";

    void firstOperator(UUID user) {
        note(BOOTSTRAP, "create", user, REASON, null, UserAccount.Role.OPERATOR.wireName());
    }

    /** Its address had been mistyped. */
    void forgotten(UUID user) {
        note(BOOTSTRAP, "delete", user, "another address was named", UserAccount.Role.OPERATOR.wireName(), null);
    }

    void issued(UUID user) {
        note(BOOTSTRAP, "issue-link", user, REASON, null, null);
    }

    /** Whoever has the link counts as the person. */
    void used(UUID user) {
        note(Actor.person(user.toString()), "use-link", user, "password set by a link", null, null);
    }

    private void note(
            Actor actor, String action, UUID user, String reason, @Nullable String before, @Nullable String after) {
        journal.append(
                new Journal.Note(actor, action, new Subject(Subject.USER, user.toString()), reason, before, after));
    }
}
