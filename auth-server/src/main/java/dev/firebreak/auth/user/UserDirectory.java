package dev.firebreak.auth.user;

import java.util.Optional;
import java.util.UUID;

/** Read access to users for other modules: one SQL statement by primary key a call. */
public interface UserDirectory {
    /** The user, disabled ones included; absent if there is none. */
    Optional<UserAccount> find(UUID id);
}
