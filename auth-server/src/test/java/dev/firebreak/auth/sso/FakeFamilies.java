package dev.firebreak.auth.sso;

import dev.firebreak.auth.grant.RefreshFamilies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Families that only remember who ended them. */
final class FakeFamilies implements RefreshFamilies {
    final Map<UUID, Integer> ofSession = new HashMap<>();
    final Map<UUID, Integer> ofUser = new HashMap<>();
    final List<String> ended = new ArrayList<>();

    @Override
    public int endOfSession(UUID sid, String reason) {
        ended.add(sid + " " + reason);
        Integer count = ofSession.remove(sid);
        return count == null ? 0 : count;
    }

    @Override
    public int endOfUser(UUID userId, String reason) {
        ended.add(userId + " " + reason);
        Integer count = ofUser.remove(userId);
        return count == null ? 0 : count;
    }
}
