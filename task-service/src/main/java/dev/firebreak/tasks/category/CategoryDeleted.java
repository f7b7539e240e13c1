package dev.firebreak.tasks.category;

import java.util.UUID;

/**
 * A category goes away. Published inside the transaction, before the row is deleted and after it was locked: whoever
 * refers to it must let go of it now.
 */
public record CategoryDeleted(UUID ownerId, UUID categoryId) {}
