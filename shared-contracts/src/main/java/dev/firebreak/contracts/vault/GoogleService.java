package dev.firebreak.contracts.vault;

import java.util.Arrays;
import java.util.Optional;

/** What of Google a user can connect. */
public enum GoogleService {
    CALENDAR("calendar"),
    DRIVE("drive"),
    GMAIL("gmail"),
    TASKS("tasks");

    private final String wireName;

    GoogleService(String wireName) {
        this.wireName = wireName;
    }

    /** Its name in requests, events and tables. */
    public String wireName() {
        return wireName;
    }

    /** The service of this name, if there is one. */
    public static Optional<GoogleService> find(String wireName) {
        return Arrays.stream(values())
                .filter(service -> service.wireName.equals(wireName))
                .findFirst();
    }
}
