package dev.firebreak.auth.vault;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of Google a user can switch on, and the least scopes that it takes. */
public enum GoogleService {
    CALENDAR("calendar", "https://www.googleapis.com/auth/calendar.events"),
    DRIVE("drive", "https://www.googleapis.com/auth/drive.file"),
    GMAIL("gmail", "https://www.googleapis.com/auth/gmail.readonly"),
    TASKS("tasks", "https://www.googleapis.com/auth/tasks");

    private final String wireName;
    private final Set<String> scopes;

    GoogleService(String wireName, String... scopes) {
        this.wireName = wireName;
        this.scopes = Set.copyOf(List.of(scopes));
    }

    /** On the wire, in the database and in clients' policies. */
    public String wireName() {
        return wireName;
    }

    /** All of them must have been granted, or the service does not work. */
    public Set<String> scopes() {
        return scopes;
    }

    /** The service of this name. */
    public static Optional<GoogleService> find(String wireName) {
        return Arrays.stream(values())
                .filter(service -> service.wireName.equals(wireName))
                .findFirst();
    }
}
