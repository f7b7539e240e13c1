package dev.firebreak.auth.connect;

import dev.firebreak.auth.vault.Connection;
import dev.firebreak.auth.vault.Connections.Disconnected;
import dev.firebreak.auth.vault.GoogleService;
import org.jspecify.annotations.Nullable;

/** What services and their states are called to people. Pure. */
final class ServiceWords {
    static final String WORKS = "works";
    static final String RECONNECT = "reconnect needed";
    static final String NOT_CONNECTED = "not connected";

    private ServiceWords() {}

    static String name(GoogleService service) {
        return switch (service) {
            case CALENDAR -> "Google Calendar";
            case DRIVE -> "Google Drive";
            case GMAIL -> "Gmail";
            case TASKS -> "Google Tasks";
        };
    }

    /** What it allows us, as its scopes say. */
    static String allows(GoogleService service) {
        return switch (service) {
            case CALENDAR -> "see and change the events of your calendars";
            case DRIVE -> "see and change the files that Firebreak made or that you open with it";
            case GMAIL -> "read your mail";
            case TASKS -> "see and change your task lists";
        };
    }

    static String status(Connection connection) {
        return connection.works() ? WORKS : RECONNECT;
    }

    static String says(Connection connection) {
        if (!connection.active()) {
            return reason(connection.reason());
        }
        return connection.missing().isEmpty()
                ? "Firebreak may " + allows(connection.service()) + "."
                : "You did not allow Firebreak to " + allows(connection.service())
                        + ". Connect it again and leave the box for it ticked.";
    }

    private static String reason(@Nullable String reason) {
        return switch (reason == null ? "" : reason) {
            case "expired" -> "Google's permission was for a limited time, which is over. Connect it again.";
            case "session_control" ->
                "Your organisation wants you to sign in at Google again from time to time. Connect it again.";
            default ->
                "Google does not accept our access any more: you removed it in your Google account, changed your password"
                        + " there, or an administrator ended it. Connect it again.";
        };
    }

    /** What would happen. */
    static String disconnecting(Connection connection) {
        return connection.endsAtGoogle()
                ? "This is the last service of " + connection.email() + ": Firebreak's access ends at Google too."
                : "Firebreak's access to " + connection.email()
                        + " stays at Google, because something else still uses it.";
    }

    /** What has happened. */
    static String disconnected(Disconnected done) {
        String what = name(done.was().service()) + " of " + done.was().email() + " is disconnected.";
        if (!done.lastOfAccount()) {
            return what + " Other services of this account stay connected, and so does Firebreak at Google.";
        }
        if (done.shared()) {
            return what
                    + " Somebody else has connected the same Google account, so Firebreak's access stays at Google.";
        }
        return done.ended()
                ? what + " Firebreak's access has ended at Google too."
                : what
                        + " Google did not answer: Firebreak has forgotten your data now, and goes on asking Google to end"
                        + " the access.";
    }
}
