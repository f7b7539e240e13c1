/** Users: who they are, how they prove it, what operators may do to them. Owns the table of users and every password hash; knows nothing of tokens. */
@NullMarked
package dev.firebreak.auth.user;

import org.jspecify.annotations.NullMarked;
