package dev.firebreak.contracts.event;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connection to another provider changed its state. On the wire: {@code {"connection","provider","services","reason"}}.
 *
 * @param type one of {@code connection.*}
 * @param connection our id of the account that the user connected
 * @param provider whose account it is: {@code google}
 * @param services services of the account that are concerned
 * @param reason why, as one word of ours; absent where the type says it all
 */
public record ConnectionChanged(
        EventType type,
        UUID connection,
        String provider,
        List<String> services,
        @Nullable String reason) implements EventData {
    public ConnectionChanged {
        if (!type.wireName().startsWith("connection.")) {
            throw new IllegalArgumentException(type + " tells of no connection");
        }
        services = List.copyOf(services);
    }

    @Override
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("connection", connection.toString());
        members.put("provider", provider);
        members.put("services", services);
        if (reason != null) {
            members.put("reason", reason);
        }
        return members;
    }
}
