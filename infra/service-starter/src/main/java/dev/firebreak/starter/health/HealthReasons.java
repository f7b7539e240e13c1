package dev.firebreak.starter.health;

import java.util.List;

/**
 * Contributes to readiness. Every bean of this type is asked at each {@code /readyz}, so an implementation answers from
 * memory: no I/O, no lock that anything slow holds, no pool. What needs a look outside is looked at in the background.
 */
@FunctionalInterface
public interface HealthReasons {
    /** What is wrong now; empty = nothing. */
    List<HealthReason> current();
}
