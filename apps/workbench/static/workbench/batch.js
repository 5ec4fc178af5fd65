// While a batch is made, its page looks again by itself.
"use strict";

const LOOK_AGAIN = 3000; // milliseconds
if (document.querySelector("[data-under-way]")) setTimeout(() => location.reload(), LOOK_AGAIN);
