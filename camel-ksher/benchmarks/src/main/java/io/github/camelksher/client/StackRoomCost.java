/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

/** What {@code StackRoom} costs; it is nobody's outside its package. */
public final class StackRoomCost {

    private StackRoomCost() {}

    /** Looks for room so many times. */
    public static void look(int times) {
        for (int i = 0; i < times; i++) {
            StackRoom.require();
        }
    }
}
