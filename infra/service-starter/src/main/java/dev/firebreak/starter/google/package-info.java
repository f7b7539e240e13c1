/**
 * Google tokens of users, as the vault of the authorization server gives them: asked for once however many need one, held in
 * memory while they are good. Knows no refresh token, and nothing of what is done at Google.
 */
@NullMarked
package dev.firebreak.starter.google;

import org.jspecify.annotations.NullMarked;
