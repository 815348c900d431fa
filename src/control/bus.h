/* The session bus. */
#ifndef CONTROL_BUS_H
#define CONTROL_BUS_H

/* Its address, to be freed; NULL if there is none. A bus is never started. */
char *bus_address(void);

#endif
