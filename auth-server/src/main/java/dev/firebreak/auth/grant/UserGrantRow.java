package dev.firebreak.auth.grant;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.auth.user.UserAccount;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a {@link UserGrant} from columns of a grant joined with its user; the same columns for codes and families. */
final class UserGrantRow {
    private UserGrantRow() {}

    static UserGrant read(ResultSet row, String clientId, @Nullable String nonce) throws SQLException {
        UserAccount user = new UserAccount(
                row.getObject("user_id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                UserAccount.Role.ofWireName(row.getString("role")),
                row.getBoolean("disabled"),
                row.getBoolean("demo"));
        return new UserGrant(
                user,
                clientId,
                row.getObject("sid", UUID.class),
                SqlTime.read(row, "auth_time"),
                List.of(row.getString("amr").split(" ")),
                row.getString("acr"),
                Set.of(row.getString("scopes").split(" ")),
                nonce);
    }

    /** Space-separated and in a fixed order, as tokens carry them. */
    static String scopes(Set<String> scopes) {
        return String.join(" ", new TreeSet<>(scopes));
    }
}
